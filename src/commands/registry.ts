import { adCommand } from './ad.ts';
import { adsCommand } from './ads.ts';
import { audienceCommand } from './audience.ts';
import { bisectCommand } from './bisect.ts';
import { branchCommand } from './branch.ts';
import { blastCommand } from './blast.ts';
import { censusCommand } from './census.ts';
import type { Command } from './command.ts';
import { commandsCommand } from './commands-command.ts';
import { compareCommand } from './compare.ts';
import { completionCommand } from './completion.ts';
import { configCommand } from './config.ts';
import { contrastCommand } from './contrast.ts';
import { counterfactualCommand } from './counterfactual.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { efCurveCommand } from './ef-curve.ts';
import { eventsCommand } from './events.ts';
import { execCommand } from './exec.ts';
import { expectCommand } from './expect.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { indexCommand } from './index-command.ts';
import { initCommand } from './init.ts';
import { inputsCommand } from './inputs.ts';
import { minimiseCommand } from './minimise.ts';
import { noteCommand } from './note.ts';
import { platformsCommand } from './platforms.ts';
import { playCommand } from './play.ts';
import { presetsCommand } from './presets.ts';
import { recallCommand } from './recall.ts';
import { recordCommand } from './record.ts';
import { replayCommand } from './replay.ts';
import { reviewCommand } from './review.ts';
import { searchPathCommand } from './search-path.ts';
import { resumeCommand } from './resume.ts';
import { scoresCommand } from './scores.ts';
import { servedCommand } from './served.ts';
import { sessionsCommand } from './sessions.ts';
import { scrubCommand } from './scrub.ts';
import { stabilityCommand } from './stability.ts';
import { timelineCommand } from './timeline.ts';
import { trainCommand } from './train.ts';
import { usersCommand } from './users.ts';
import { weightsCommand } from './weights.ts';
import { whatIfCommand } from './what-if.ts';
import { whyNotCommand } from './why-not.ts';

/** THE table: help, footer, palette, parsers, completion, the README and sessions all read it, in this order. */
export const commands: readonly Command[] = [
  demoCommand,
  recallCommand,
  compareCommand,
  bisectCommand,
  servedCommand,
  explainCommand,
  contrastCommand,
  whyNotCommand,
  searchPathCommand,
  counterfactualCommand,
  stabilityCommand,
  scoresCommand,
  efCurveCommand,
  audienceCommand,
  weightsCommand,
  presetsCommand,
  whatIfCommand,
  platformsCommand,
  blastCommand,
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
  initCommand,
  importCommand,
  trainCommand,
  indexCommand,
  doctorCommand,
  configCommand,
  commandsCommand(() => commands),
  completionCommand(() => commands),
];

export const findCommand = (id: string): Command | undefined => commands.find((c) => c.id === id);
