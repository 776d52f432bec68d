import { t } from '../base/texts.ts';
import { RecallError } from '../errors.ts';
import { sanitiseLines } from '../views/text/sanitise.ts';

const hidden = '\u2026';

/** Every text within a value, however deep, of two letters or more: one letter says nothing about anybody. */
const textsOf = (value: unknown, into: Set<string>): Set<string> => {
  if (typeof value === 'string') {
    if (value.length > 1) into.add(value);
  } else if (Array.isArray(value)) for (const one of value) textsOf(one, into);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) textsOf(one, into);
  return into;
};

/** Whole quotes of whatever was at hand: JSON.parse and others put a piece of their input into the message. */
const quoted = /"[^"\n]*("|$)|'[^'\n]*'|`[^`\n]*`/gm;
/** A property that code asked for, not data. */
const property = /^'[a-z][A-Za-z]*'$/;

const withoutData = (message: string, held: ReadonlySet<string>): string =>
  [...held]
    .sort((a, b) => b.length - a.length)
    .reduce(
      (said, text) => said.replaceAll(text, hidden),
      message.replace(quoted, (text) =>
        property.test(text) && !held.has(text.slice(1, -1)) ? text : `${text.charAt(0)}${hidden}${text.charAt(0)}`,
      ),
    );

/** Frames name functions and lines of this program; the message before them may run over lines. */
const framesOf = ({ stack = '', message }: Error): string[] =>
  stack
    .slice(Math.max(0, stack.indexOf(message)) + message.length)
    .split('\n')
    .filter((line) => /^ {4}at .*(:\d+:\d+\)?|native\)|<anonymous>\)?)$/.test(line));

/** A report must not crash: where what is held cannot be walked, nothing of the message is said. */
const safely = (say: () => string): string => {
  try {
    return say();
  } catch {
    return hidden;
  }
};

/**
 * What is printed when the program crashes: it can be pasted into a bug report as it is. Of the message stays what is
 * not data: texts of `held` (what the screen holds of users, ads and queries) and all that is quoted are left out.
 */
export const crashReport = (error: unknown, held: unknown): string => {
  const message = error instanceof Error ? error.message : typeof error === 'string' ? error : '';
  const name =
    error instanceof RecallError
      ? t('recall error {code}', { code: error.code })
      : error instanceof Error
        ? error.constructor.name
        : t('thrown value');
  const said = safely(() => withoutData(message, textsOf(held, new Set())));
  return `${t('recall-tui crashed. The terminal is restored.')}\n${sanitiseLines([`${name}: ${said}`, ...(error instanceof Error ? framesOf(error) : [])].join('\n'))}\n`;
};
