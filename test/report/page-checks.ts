import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser } from '../support/chromium.ts';

/**
 * Runs in the page: the least contrast (WCAG 2, relative luminance) of a text to the ground it stands on, the tags and
 * the attributes that are there, whether the page is wider than the window.
 */
const inPage = `(() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const part = (c) => (c / 255 <= .04045 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  const ground = (e) => { for (let at = e; at !== null; at = at.parentElement) {
    const c = rgb(getComputedStyle(at).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  let least = { ratio: 99, text: '' };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
    if (node.data.trim() === '') continue;
    const e = node.parentElement; const style = getComputedStyle(e);
    const own = ratio(rgb(e.namespaceURI.endsWith('svg') ? style.fill : style.color), ground(e));
    if (own < least.ratio) least = { ratio: own, text: node.data.slice(0, 60) };
  }
  const all = [...document.querySelectorAll('*')];
  return {
    least, wide: document.documentElement.scrollWidth - innerWidth,
    tags: [...new Set(all.map((e) => e.tagName.toLowerCase()))].sort(),
    handlers: all.flatMap((e) => e.getAttributeNames()).filter((name) => name.startsWith('on') || name === 'style'),
    styles: document.styleSheets.length, text: document.body.innerText.length,
  };
})()`;

export interface PageFacts {
  readonly least: { readonly ratio: number; readonly text: string };
  readonly wide: number;
  readonly tags: readonly string[];
  readonly handlers: readonly string[];
  readonly styles: number;
  readonly text: number;
  /** Addresses asked for, but that of the file. */
  readonly requests: readonly string[];
  /** Lines of the console, of the browser's log, and exceptions. */
  readonly messages: readonly string[];
}

const quiet = new Set(['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded']);

/** Opens a file in a theme and width; `png`: where its picture goes. */
export const factsOf = async (
  browser: Browser,
  file: string,
  look: { readonly theme: 'light' | 'dark'; readonly width: number; readonly png?: string },
): Promise<PageFacts> => {
  const url = pathToFileURL(file).href;
  await browser.send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: look.theme }],
  });
  await browser.send('Emulation.setDeviceMetricsOverride', {
    width: look.width,
    height: 900,
    deviceScaleFactor: 1,
    mobile: false,
  });
  browser.events();
  await browser.send('Page.navigate', { url });
  const heard = [];
  for (let loaded = false; !loaded;) {
    const events = browser.events();
    heard.push(...events);
    loaded = events.some(({ method }) => method === 'Page.loadEventFired');
    if (!loaded) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const facts = JSON.parse(JSON.stringify(await browser.value(inPage)));
  if (look.png !== undefined) {
    const { data } = await browser.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(look.png, Buffer.from(String(data), 'base64'));
  }
  heard.push(...browser.events());
  const requested = heard
    .filter(({ method }) => method === 'Network.requestWillBeSent')
    .map(({ params }) => JSON.parse(JSON.stringify(params)).request.url);
  return {
    ...facts,
    requests: requested.filter((one: string) => one !== url && !one.startsWith('data:')),
    messages: heard.filter(({ method }) => quiet.has(method)).map(({ params }) => JSON.stringify(params)),
  };
};
