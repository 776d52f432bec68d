import { withoutUnsafe } from './unsafe-text.ts';

/** Markup that is safe to write as it is; text becomes it only by `escapeHtml`. */
export interface Html {
  readonly html: string;
}

export type Child = Html | string | null;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text of the data as HTML, also within a quoted attribute: nothing of it is markup, and no character acts on the page. */
export const escapeHtml = (text: string): string =>
  withoutUnsafe(text.replace(/\s/g, ' ')).replace(/[&<>"'`]/g, (c) => entities[c] ?? c);

const childHtml = (child: Child): string =>
  child === null ? '' : typeof child === 'string' ? escapeHtml(child) : child.html;

export const joinHtml = (...children: readonly Child[]): Html => ({ html: children.map(childHtml).join('') });

const empty: ReadonlySet<string> = new Set(['meta', 'link', 'line', 'rect', 'circle', 'path']);

export type Attributes = Readonly<Record<string, string | number | null>>;

/** An element; names of tags and attributes are ours, values and texts are escaped. null leaves an attribute out. */
export const el = (tag: string, attributes: Attributes, ...children: readonly Child[]): Html => {
  const named = Object.entries(attributes).flatMap(([name, value]) =>
    value === null ? [] : [` ${name}="${escapeHtml(String(value))}"`],
  );
  const open = `<${tag}${named.join('')}>`;
  return { html: empty.has(tag) ? open.replace(/>$/, '/>') : `${open}${joinHtml(...children).html}</${tag}>` };
};

/** Lines that keep their blanks, for `<pre>`. */
export const lineBreak: Html = { html: '\n' };
