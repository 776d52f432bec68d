import { createHash } from 'node:crypto';
import { el, joinHtml, type Html } from './html.ts';

/**
 * One file that needs nothing else: no script, no address. Both themes by `prefers-color-scheme`; on paper the light
 * one. Each colour of text has a contrast of at least 4.5 to every ground that it stands on.
 */
const style = `
:root{color-scheme:light dark;--ground:#fff;--panel:#f6f7f9;--text:#1b1f24;--dim:#57606a;--line:#d0d7de;
--accent:#0757ba;--good:#116329;--bad:#a40e26;--warn:#7d4e00;--plus:#2da44e;--minus:#cf222e;--bar:#54a0e8}
@media (prefers-color-scheme:dark){:root{--ground:#0f1318;--panel:#181d24;--text:#e6eaef;--dim:#a0a9b4;
--line:#343b45;--accent:#79b8ff;--good:#6fdd8b;--bad:#ff9a93;--warn:#e8b44c;--plus:#3fb950;--minus:#f85149;--bar:#388bfd}}
@media print{:root{--ground:#fff;--panel:#fff;--text:#000;--dim:#444;--line:#999;--accent:#003e8a;--good:#0b4a1e;
--bad:#7d0a1c;--warn:#5c3900;--plus:#2da44e;--minus:#cf222e;--bar:#54a0e8}
section,tr,figure{break-inside:avoid}main{max-width:none}.wide{overflow:visible}pre{white-space:pre-wrap}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,"Noto Sans CJK SC",sans-serif}
main{max-width:1080px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:0 0 4px;overflow-wrap:anywhere}
h3{font-size:.95rem;margin:20px 0 6px;color:var(--dim)}
section{border-top:1px solid var(--line);margin-top:28px;padding-top:18px}
p{margin:4px 0;overflow-wrap:anywhere}
.lead{font-size:1.1rem;font-weight:600;margin:8px 0}
.dim{color:var(--dim)}.accent{color:var(--accent)}.good{color:var(--good)}.bad{color:var(--bad)}
.warn{color:var(--warn)}.bold{font-weight:700}
a{color:var(--accent)}
ol.answers{padding-left:1.4em;margin:12px 0}ol.answers li{margin:4px 0;overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,"Noto Sans Mono CJK SC",monospace;font-size:13px}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:10px 12px;margin:8px 0;
overflow-x:auto;line-height:1.4}
code.line{display:block;background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:6px 10px;
margin:8px 0;overflow-wrap:anywhere;white-space:pre-wrap}
.wide{overflow-x:auto;margin:4px 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:3px 10px 3px 0;vertical-align:top;border-bottom:1px solid var(--line)}
th{color:var(--dim);font-weight:600;white-space:nowrap}
td.right,th.right{text-align:right;white-space:nowrap}
td.bar{width:45%;min-width:120px;vertical-align:middle}
td.id{white-space:nowrap;color:var(--dim)}
svg{display:block;width:100%;height:auto}
td.bar svg{height:14px}
.plus{fill:var(--plus)}.minus{fill:var(--minus)}.amount{fill:var(--bar)}.axis{stroke:var(--line);stroke-width:1}
.way{fill:none;stroke:var(--bar);stroke-width:2}.up{stroke:var(--plus)}.down{stroke:var(--minus)}
.same{stroke:var(--line)}.move{stroke-width:1.5;fill:none}.dot{fill:var(--bar)}.goal{fill:var(--plus)}
svg text{fill:var(--dim);font-size:12px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:8px 0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
figure{margin:8px 0}
@media (max-width:600px){.data td:last-child{min-width:13em}.data td.right:last-child{min-width:0}}
`;

const policy = `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`;

/** A whole page; what it may load is said in it: nothing. */
export const htmlPage = (title: string, body: Html): string =>
  `<!doctype html>\n${
    el(
      'html',
      { lang: 'en', dir: 'ltr' },
      el(
        'head',
        {},
        el('meta', { charset: 'utf-8' }),
        el('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
        el('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        el('meta', { name: 'color-scheme', content: 'light dark' }),
        el('meta', { name: 'robots', content: 'noindex' }),
        el('meta', { name: 'referrer', content: 'no-referrer' }),
        el('link', { rel: 'icon', href: 'data:,' }),
        el('title', {}, title),
        joinHtml({ html: `<style>${style}</style>` }),
      ),
      el('body', {}, el('main', {}, body)),
    ).html
  }\n`;
