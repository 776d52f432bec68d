import type { ConfigData } from '../../../answers/help.ts';
import { t } from '../../../base/texts.ts';
import { text, type Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** Where the config is; whether it holds; what it says. */
export const configView = (data: ConfigData, width: number): Line[] => {
  if (data.action === 'locate') return [text(data.path ?? t('No folder: neither HOME nor XDG_CONFIG_HOME is set.'))];
  const head =
    data.found === true
      ? t('Valid: {path}.', { path: data.path ?? '' })
      : t("There is no {path}: the workspace's defaults apply.", { path: data.path ?? 'config' });
  const rows = Object.entries(data.config ?? {}).map(([key, value]) =>
    text(`${key.padEnd(10)} ${JSON.stringify(value)}`),
  );
  return [
    ...sentence(head, width, 'bold'),
    ...(data.warnings ?? []).flatMap((w) => sentence(w, width, 'warn')),
    ...rows,
    ...(data.keys === undefined ? [] : sentence(t('Keys: {keys}.', { keys: data.keys.join(', ') }), width, 'dim')),
  ];
};
