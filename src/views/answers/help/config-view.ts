import type { ConfigData } from '../../../answers/help.ts';
import { text, type Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** Where the config is; whether it holds; what it says. */
export const configView = (data: ConfigData, width: number): Line[] => {
  if (data.action === 'locate') return [text(data.path ?? 'no folder: neither HOME nor XDG_CONFIG_HOME is set')];
  const head =
    data.found === true
      ? `${data.path ?? ''} holds.`
      : `There is no ${data.path ?? 'config'}: the workspace's defaults hold.`;
  const rows = Object.entries(data.config ?? {}).map(([key, value]) =>
    text(`${key.padEnd(10)} ${JSON.stringify(value)}`),
  );
  return [
    ...sentence(head, width, 'bold'),
    ...(data.warnings ?? []).flatMap((w) => sentence(w, width, 'warn')),
    ...rows,
    ...(data.keys === undefined ? [] : sentence(`Keys: ${data.keys.join(', ')}.`, width, 'dim')),
  ];
};
