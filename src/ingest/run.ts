import type { BehaviourEvent } from '../domain/events.ts';
import type { SampleWriter } from '../engine/ports/artefacts.ts';
import type { HeaderMapping, ImportRun, Seen } from './formats/format.ts';
import { findSource, findTable, requireSource } from './tables/lines.ts';
import { fileCounter, type FileReport, type RejectLog } from './tables/report.ts';
import { readTabular } from './tables/tabular.ts';

export interface RunOptions {
  readonly source: string;
  readonly mapping: HeaderMapping | null;
  readonly writer: SampleWriter;
  readonly rejects: RejectLog;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
}

const remember = (times: Map<string, number[]>, event: BehaviourEvent): void => {
  if (event.adId === null) return;
  const ofKind = times.get(event.kind);
  if (ofKind === undefined) times.set(event.kind, [event.at]);
  else ofKind.push(event.at);
};

/** One import under way: what a format sees of it, and the reports of its files in the order they were read. */
export const importRun = ({
  source,
  mapping,
  writer,
  rejects,
  signal,
  onProgress,
}: RunOptions): { run: ImportRun; reports: () => FileReport[] } => {
  const users = new Set<string>();
  const ads = new Set<string>();
  const times = new Map<string, number[]>();
  const kinds = new Set<string>();
  const counters: Array<ReturnType<typeof fileCounter>> = [];
  const totals = { events: 0, queries: 0, categories: false, friends: 0 };
  const seen: Seen = {
    users,
    ads,
    times,
    kinds,
    get events() {
      return totals.events;
    },
    get queries() {
      return totals.queries;
    },
    get categories() {
      return totals.categories;
    },
    get friends() {
      return totals.friends;
    },
  };
  const run: ImportRun = {
    source,
    mapping,
    seen,
    has: (file) => findSource(source, file) !== null,
    table: (base) => findTable(source, base),
    each: async (file, spec, handle) => {
      const path = requireSource(source, file);
      const counter = fileCounter(file, rejects);
      counters.push(counter);
      const read = {
        encoding: spec.encoding ?? 'utf-8',
        signal,
        onBytes: (done: number, total: number) => onProgress(`read ${file}`, done, total),
      };
      await readTabular(path, spec, read, counter, handle);
    },
    empty: (column, reason) => counters.at(-1)?.empty(column, reason),
    addUser: (user) => writer.addUser(user) && users.add(user.userId).size > 0,
    addAd: (ad) => {
      if (!writer.addAd(ad)) return false;
      ads.add(ad.adId);
      totals.categories ||= ad.category !== '';
      return true;
    },
    addEvent: (event) => {
      if (!writer.addEvent(event)) return false;
      totals.events += 1;
      remember(times, event);
      kinds.add(event.kind);
      totals.queries += event.query === null ? 0 : 1;
      return true;
    },
    addFriend: (userId, peerId, since) => {
      if (!writer.addFriend(userId, peerId, since)) return false;
      totals.friends += 1;
      return true;
    },
  };
  return { run, reports: () => counters.map((counter) => counter.report()) };
};
