import type { CompletionData } from '../../../answers/help.ts';
import { text, type Line } from '../../text/line.ts';

/** The script as it is: a shell reads it, so no line is cut. */
export const completionView = (data: CompletionData): Line[] => data.script.split('\n').map((l) => text(l));
