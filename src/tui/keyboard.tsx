import { useStdin } from 'ink';
import { useLayoutEffect } from 'react';
import type { Msg } from '../state/state.ts';
import { listenToKeys } from './input.ts';

interface KeyboardProps {
  readonly dispatch: (msg: Msg) => void;
  /** The terminal is gone. */
  readonly ended: () => void;
}

/** The keys, while it is there: Ink turns raw mode on and off and reads the bytes, our decoder makes keys of them. */
export const Keyboard = ({ dispatch, ended }: KeyboardProps): React.ReactNode => {
  const { stdin, setRawMode } = useStdin();
  useLayoutEffect(() => {
    setRawMode(true);
    const deaf = listenToKeys(stdin, dispatch, ended);
    return () => {
      deaf();
      setRawMode(false);
    };
  }, [stdin, setRawMode, dispatch, ended]);
  return null;
};
