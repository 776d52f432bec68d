import { Box } from 'ink';
import { useLayoutEffect, useSyncExternalStore } from 'react';
import { layoutOf, type Layout, type LayoutBox } from '../state/layout.ts';
import type { AppState } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { bottomLines } from '../views/screen/bottom.ts';
import { openingLines } from '../views/screen/detail.ts';
import { finderPage } from '../views/screen/finder.ts';
import { helpPage } from '../views/screen/help.ts';
import { statusLine, tooSmall } from '../views/screen/status.ts';
import { tabLine } from '../views/screen/tabs.ts';
import type { Line } from '../views/text/line.ts';
import type { Canvas } from './canvas.ts';
import { Keyboard } from './keyboard.tsx';
import { Pane } from './pane.tsx';
import { CanvasContext, sized, Surface } from './surface.tsx';

interface PartProps {
  readonly state: AppState;
  readonly ascii: boolean;
  /** What the text in the detail's place, or the help, is scrolled beyond. */
  readonly onMost: (most: { readonly detail?: number; readonly help?: number }) => void;
}

/** The panes in their boxes. */
const Panes = ({ box, ...part }: PartProps & { readonly box: LayoutBox }): React.ReactNode => {
  const { pane, direction = 'column', children = [] } = box;
  if (pane !== undefined)
    return (
      <Pane
        {...part}
        pane={pane}
        width={box.width}
        height={box.height}
        onMost={(detail) => {
          part.onMost({ detail });
        }}
      />
    );
  return (
    <Box flexDirection={direction} {...sized(box)}>
      {children.map((child, i) => (
        <Panes key={child.pane ?? i} {...part} box={child} />
      ))}
    </Box>
  );
};

/** All between the status line and the line of keys. */
const Page = ({ layout, ...part }: PartProps & { readonly layout: Layout }): React.ReactNode => {
  const { state, ascii, onMost } = part;
  if (state.screen === 'opening')
    return (
      <Surface
        draw={(width) => [[], ...openingLines(state, width - 2, ascii).map((line): Line => [{ text: ' ' }, ...line])]}
      />
    );
  if (state.help !== null)
    return (
      <Surface
        draw={(width, height) => {
          const { lines, most } = helpPage(state, width, height, ascii);
          onMost({ help: most });
          return lines;
        }}
      />
    );
  if (state.screen === 'finder') return <Surface draw={(width, height) => finderPage(state, width, height, ascii)} />;
  return (
    <>
      {layout.kind === 'tabs' && <Surface height={1} draw={(width) => [tabLine(state, width)]} />}
      <Panes {...part} box={layout.box} />
    </>
  );
};

/** The line of keys; a line being typed or a menu grows over the page above it. */
const Bottom = ({ state, height }: { readonly state: AppState; readonly height: number }): React.ReactNode => {
  const lines = bottomLines(state, height);
  return (
    <Box
      position="absolute"
      width={state.size.columns}
      height={height}
      justifyContent="flex-end"
      flexDirection="column"
    >
      <Surface over height={lines.length} draw={() => lines} />
    </Box>
  );
};

export interface ScreenProps {
  readonly store: Store;
  readonly canvas: Canvas;
  readonly ascii: boolean;
  /** The terminal is gone. */
  readonly ended: () => void;
}

/**
 * The whole screen: laid out by Yoga, drawn by surfaces, painted once for each commit. It takes no room in Ink's own
 * frame, which has no line to draw for it.
 */
export const Screen = ({ store, canvas, ascii, ended }: ScreenProps): React.ReactNode => {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const layout = layoutOf(state);
  const { columns } = state.size;
  useLayoutEffect(() => {
    canvas.paint(columns, layout.height);
  });
  const onMost: PartProps['onMost'] = ({ detail = state.detail.scroll, help = state.help?.scroll ?? 0 }) => {
    if (state.detail.scroll > detail || (state.help?.scroll ?? 0) > help)
      queueMicrotask(() => {
        store.dispatch({ type: 'scrolled', detail, help });
      });
  };
  return (
    <CanvasContext.Provider value={canvas}>
      <Keyboard dispatch={store.dispatch} ended={ended} />
      <Box position="absolute" width={columns} height={layout.height} flexDirection="column">
        {layout.kind === 'too-small' ? (
          <Surface draw={() => tooSmall(state)} />
        ) : (
          <>
            <Surface height={1} draw={(width) => [statusLine(state, width)]} />
            <Page state={state} layout={layout} ascii={ascii} onMost={onMost} />
            <Box height={1} flexShrink={0} />
            <Bottom state={state} height={layout.height} />
          </>
        )}
      </Box>
    </CanvasContext.Provider>
  );
};
