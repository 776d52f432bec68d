import { Box, type BoxProps, type DOMElement } from 'ink';
import { createContext, useContext, useLayoutEffect, useRef } from 'react';
import type { Canvas, Draw } from './canvas.ts';

export const CanvasContext = createContext<Canvas | null>(null);

/** A size in cells; a box without one along its row or column takes what the others leave. */
export interface BoxSize {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Ink's own defaults let boxes shrink and none grow. */
export const sized = ({ width, height }: BoxSize): BoxProps => ({
  ...(width === undefined ? {} : { width }),
  ...(height === undefined ? {} : { height }),
  ...(width === undefined && height === undefined ? { flexGrow: 1, flexBasis: 0 } : { flexShrink: 0 }),
});

interface SurfaceProps extends BoxSize {
  /** Lines for the box as Yoga lays it out; the same function as long as they would be the same. */
  readonly draw: Draw;
  readonly over?: boolean;
}

/** A box whose cells we draw: Ink's `<Text>` would measure and tokenise each of its lines again in each frame. */
export const Surface = ({ draw, over = false, ...size }: SurfaceProps): React.ReactNode => {
  const canvas = useContext(CanvasContext);
  const ref = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    const { current } = ref;
    if (current === null || canvas === null) return undefined;
    canvas.place(current, { draw, over });
    return undefined;
  }, [canvas, draw, over]);
  useLayoutEffect(() => {
    const { current } = ref;
    return () => {
      if (current !== null) canvas?.remove(current);
    };
  }, [canvas]);
  return <Box ref={ref} {...sized(size)} />;
};
