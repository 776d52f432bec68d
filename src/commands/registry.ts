import { adCommand } from './look/ad.ts';
import { adsCommand } from './look/ads.ts';
import { audienceCommand } from './why/audience.ts';
import { bisectCommand } from './recall/bisect.ts';
import { branchCommand } from './session/branch.ts';
import { blastCommand } from './change/blast.ts';
import { censusCommand } from './why/census.ts';
import type { Command } from '../console/command.ts';
import { commandsCommand } from './help/commands-command.ts';
import { compareCommand } from './recall/compare.ts';
import { completionCommand } from './help/completion.ts';
import { configCommand } from './help/config.ts';
import { contrastCommand } from './why/contrast.ts';
import { counterfactualCommand } from './why/counterfactual.ts';
import { demoCommand } from './start/demo.ts';
import { doctorCommand } from './build/doctor.ts';
import { efCurveCommand } from './why/ef-curve.ts';
import { eventsCommand } from './look/events.ts';
import { execCommand } from './session/exec.ts';
import { expectCommand } from './session/expect.ts';
import { explainCommand } from './why/explain.ts';
import { gateCommand } from './recall/gate.ts';
import { importCommand } from './build/import.ts';
import { indexCommand } from './build/index-command.ts';
import { funnelCommand } from './why/funnel.ts';
import { initCommand } from './build/init.ts';
import { inputsCommand } from './look/inputs.ts';
import { minimiseCommand } from './session/minimise.ts';
import { missesCommand } from './why/misses.ts';
import { noteCommand } from './session/note.ts';
import { platformsCommand } from './change/platforms.ts';
import { playCommand } from './session/play.ts';
import { presetsCommand } from './change/presets.ts';
import { recallCommand } from './recall/recall.ts';
import { recordCommand } from './session/record.ts';
import { reportCommand } from './session/report.ts';
import { replayCommand } from './session/replay.ts';
import { reviewCommand } from './session/review.ts';
import { searchPathCommand } from './why/search-path.ts';
import { resumeCommand } from './session/resume.ts';
import { scoresCommand } from './why/scores.ts';
import { servedCommand } from './recall/served.ts';
import { sessionsCommand } from './session/sessions.ts';
import { scrubCommand } from './change/scrub.ts';
import { stabilityCommand } from './why/stability.ts';
import { timelineCommand } from './change/timeline.ts';
import { triageCommand } from './why/triage.ts';
import { trainCommand } from './build/train.ts';
import { usersCommand } from './look/users.ts';
import { tuneCommand } from './change/tune.ts';
import { weightsCommand } from './change/weights.ts';
import { whatIfCommand } from './change/what-if.ts';
import { whyNotCommand } from './why/why-not.ts';

/** THE table: help, footer, palette, parsers, completion, docs/commands.md and sessions all read it, in this order. */
export const commands: readonly Command[] = [
  demoCommand,
  recallCommand,
  compareCommand,
  bisectCommand,
  gateCommand(() => commands),
  servedCommand,
  explainCommand,
  contrastCommand,
  whyNotCommand,
  searchPathCommand,
  counterfactualCommand,
  stabilityCommand,
  scoresCommand,
  efCurveCommand,
  missesCommand,
  audienceCommand,
  funnelCommand,
  triageCommand,
  weightsCommand,
  presetsCommand,
  whatIfCommand,
  platformsCommand,
  blastCommand,
  tuneCommand,
  timelineCommand,
  scrubCommand,
  usersCommand,
  eventsCommand,
  inputsCommand,
  adsCommand,
  adCommand,
  censusCommand,
  execCommand(() => commands),
  recordCommand,
  noteCommand,
  expectCommand,
  resumeCommand,
  replayCommand(() => commands),
  playCommand(() => commands),
  reviewCommand(() => commands),
  branchCommand(() => commands),
  minimiseCommand(() => commands),
  sessionsCommand,
  reportCommand(() => commands),
  initCommand,
  importCommand,
  trainCommand,
  indexCommand,
  doctorCommand(() => commands),
  configCommand,
  commandsCommand(() => commands),
  completionCommand(() => commands),
];

export const findCommand = (id: string): Command | undefined => commands.find((c) => c.id === id);
