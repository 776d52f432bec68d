import { RecallError } from '../../errors.ts';
import type { Format } from './format.ts';
import { completeJourney } from './completejourney.ts';
import { csv } from './csv.ts';
import { games } from './games.ts';
import { lastfm } from './lastfm.ts';
import { movielens } from './movielens.ts';
import { onlineRetail } from './online-retail.ts';
import { tmall } from './tmall.ts';

export const formats: readonly Format[] = [csv, completeJourney, games, movielens, lastfm, tmall, onlineRetail];

export const formatOf = (id: string): Format => {
  const format = formats.find((candidate) => candidate.id === id);
  if (format !== undefined) return format;
  throw new RecallError('usage', `no import format ${JSON.stringify(id)}`, {
    expected: formats.map((candidate) => candidate.id).join(', '),
    found: id,
  });
};
