import { adCommand } from './ad.ts';
import { adsCommand } from './ads.ts';
import { censusCommand } from './census.ts';
import type { Command } from './command.ts';
import { commandsCommand } from './commands-command.ts';
import { compareCommand } from './compare.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { eventsCommand } from './events.ts';
import { importCommand } from './import.ts';
import { indexCommand } from './index-command.ts';
import { inputsCommand } from './inputs.ts';
import { presetsCommand } from './presets.ts';
import { recallCommand } from './recall.ts';
import { searchPathCommand } from './search-path.ts';
import { usersCommand } from './users.ts';
import { weightsCommand } from './weights.ts';

/** THE table: help, footer, palette, parsers, completion, the README and sessions all read it, in this order. */
export const commands: readonly Command[] = [
  demoCommand,
  recallCommand,
  compareCommand,
  searchPathCommand,
  weightsCommand,
  presetsCommand,
  usersCommand,
  eventsCommand,
  inputsCommand,
  adsCommand,
  adCommand,
  censusCommand,
  importCommand,
  indexCommand,
  doctorCommand,
  commandsCommand(() => commands),
];

export const findCommand = (id: string): Command | undefined => commands.find((c) => c.id === id);
