/** One self-contained HTML file of what the screen shows: no script, nothing fetched, light and dark, for print. */
import { msg, str } from '@lit/localize';
import { formatProbability, formatTime } from '../../words/format.ts';
import { squareStyles } from '../../elements/chart/square-styles.ts';
import { buildInfo } from '../../platform/index.ts';
import { className, notADevice } from '../../words/words.ts';
import { escapeHtml, flatten, type FlattenWords } from './flatten.ts';

/** @param shown rendered and on the page */
export function reportHtml(shown: Element, title: string): string {
  const words: FlattenWords = {
    pictureColumns: [msg('File'), msg('It is → answered'), msg('How sure')],
    listed: ({ path, label, answer, confidence, line }) => [
      path,
      line ?? `${className(label)} → ${className(answer)}`,
      line === undefined ? formatProbability(confidence) : '',
    ],
  };
  const language = document.documentElement.lang || 'en';
  const made = msg(str`Made by Fieldray ${buildInfo.version}, ${formatTime(Date.now())}`);
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLES}${squareStyles.cssText}</style>
</head>
<body>
<header><h1>${escapeHtml(title)}</h1><p class="note">${escapeHtml(made)}</p></header>
<main>${flatten(shown, words)}</main>
<footer><p class="note">${escapeHtml(notADevice())}</p></footer>
</body>
</html>
`;
}

const STYLES = `
:root { color-scheme: light dark;
  --page: #fff; --panel: #fff; --sunken: #eef2f0; --ink: #16201e; --ink-quiet: #4f5e5b;
  --line: #d5dcd9; --line-strong: #7d8b88; --accent: #0b6670; --accent-strong: #084e56; --font: system-ui, sans-serif; }
@media screen and (prefers-color-scheme: dark) { :root {
  --page: #0d1112; --panel: #151b1c; --sunken: #1e2627; --ink: #e7edec; --ink-quiet: #a3b0ae;
  --line: #2a3435; --line-strong: #6d7c7a; --accent: #6cc5cb; --accent-strong: #93dade; } }
body { max-width: 64rem; margin: 0 auto; padding: 2rem 1.25rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 var(--font); font-variant-numeric: tabular-nums; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; } h2 { font-size: 1.3rem; margin: 2rem 0 .5rem; } h3 { margin: 1rem 0 .5rem; }
.note, .facts, caption, figcaption span, dt, small { color: var(--ink-quiet); font-size: .875rem; }
.facts span { margin-right: 1.5rem; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .9375rem; }
caption { text-align: left; padding-bottom: .35rem; }
th, td { border-top: 1px solid var(--line); padding: .3rem .6rem; text-align: left; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
.fr-confusion-matrix table { width: auto; }
.fr-confusion-matrix td { text-align: center; border: 1px solid var(--line);
  background: color-mix(in srgb, var(--accent) calc(var(--share) * 30%), transparent); print-color-adjust: exact; }
.count { display: block; font-weight: 600; } .share { font-size: .8125rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: .75rem; }
.tiles > div { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .9rem; }
dd { margin: 0; font-weight: 600; } small { display: block; font-weight: 400; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1.25rem; }
figure { margin: 0; break-inside: avoid; } figcaption { font-weight: 600; } figcaption span { display: block; font-weight: 400; }
svg.plot { width: 100%; max-width: 26rem; height: auto; } .legend { list-style: none; padding: 0; } .legend svg { width: 28px; height: 8px; }
.fr-notice { border: 1px solid var(--line-strong); border-radius: .5rem; padding: .75rem 1rem; margin: .75rem 0; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } .charts { grid-template-columns: 1fr 1fr; } tr { break-inside: avoid; } }
`;
