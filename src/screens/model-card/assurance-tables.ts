/** How the guards around the answers did: refusals, quality, prediction sets, priors, lungs. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Cell } from '../../elements/data-table.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import type { Assurance, ConformalLevel, Manifest } from '../../model/index.ts';
import { className } from '../../words/words.ts';

interface Hits {
  readonly images: number;
  readonly found: number;
}

/** The section is missing in models of before 1.0: then nothing is said here. */
export function renderAssurance({ assurance, labels }: Manifest): unknown {
  if (!assurance) return nothing;
  return html`<section aria-labelledby="assurance">
    <h2 id="assurance">${msg('How it says “sure”, and when it refuses')}</h2>
    <div class="stack">
      ${renderGate(assurance)} ${renderQuality(assurance)} ${renderSets(assurance, labels)}
      ${renderPriors(assurance, labels)} ${renderLungs(assurance)}
    </div>
  </section>`;
}

function renderGate({ gate }: Assurance): unknown {
  const { rows, note } = gate.evaluation;
  if (rows.length === 0) return nothing;
  const joined = rows.some((row) => row.joined);
  return part(
    msg('Is it a frontal chest X-ray?'),
    note,
    msg('Pictures that took no part in fitting, and how many were rightly passed or refused'),
    [
      msg('Kind'),
      msg('Origin'),
      msg('Should'),
      msg('Pictures'),
      msg('Right'),
      ...(joined ? [msg('Right, with the lungs')] : []),
    ],
    rows.map((row) => [
      row.label ? `${row.kind}: ${className(row.label)}` : row.kind,
      row.origin ?? '–',
      row.wanted === 'pass' ? msg('pass') : msg('be refused'),
      formatNumber(row.embedding.images),
      shareOf(row.embedding),
      ...(joined ? [row.joined ? shareOf(row.joined) : '–'] : []),
    ]),
    [3, 4, 5],
  );
}

function renderQuality({ quality }: Assurance): unknown {
  const { rows, note } = quality.evaluation;
  if (rows.length === 0) return nothing;
  return part(
    msg('Is the picture good enough?'),
    note,
    msg('Found among altered pictures, and falsely found among unaltered ones'),
    [msg('Finding'), msg('Altered'), msg('Found'), msg('Unaltered'), msg('False alarms')],
    rows.map(({ finding, detected, falseAlarms }) => [
      finding,
      ...hitsPair(detected),
      ...hitsPair(falseAlarms),
    ]),
    [1, 2, 3, 4],
  );
}

function renderSets({ conformal }: Assurance, labels: readonly string[]): unknown {
  const row = ({ level, completed, held }: ConformalLevel): Cell[] => [
    percent(level),
    formatNumber(completed.images),
    formatShare(completed.coverage),
    ...completed.coveragePerClass.map((share) => formatShare(share)),
    formatNumber(completed.meanSize, 2),
    formatNumber(held.sizes[0] ?? 0),
  ];
  return part(
    msg('Prediction sets'),
    conformal.note,
    msg(
      'How often the true class is among those named, on held-out pictures. An empty set is shown as the two most resembled classes.',
    ),
    [
      msg('Promised'),
      msg('Pictures'),
      msg('Kept'),
      ...labels.map(className),
      msg('Classes named, mean'),
      msg('Empty before'),
    ],
    conformal.levels.map(row),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
}

function renderPriors({ priors }: Assurance, labels: readonly string[]): unknown {
  const assumed = labels
    .map((label, index) => `${className(label)} ${formatShare(priors.shares[index] ?? 0)}`)
    .join(', ');
  return part(
    msg('How common each class is'),
    [msg(str`Without a word from the site, the answers assume: ${assumed}.`), priors.note]
      .filter(Boolean)
      .join('\n'),
    msg('Held-out pictures mixed anew: calibration error without and with the correction'),
    [...labels.map(className), msg('Pictures'), msg('Without'), msg('With')],
    priors.checks.map((check) => [
      ...check.mix.map(percent),
      formatNumber(check.images),
      formatShare(check.uncorrected),
      formatShare(check.corrected),
    ]),
    [0, 1, 2, 3, 4, 5, 6],
  );
}

function renderLungs({ lungs }: Assurance): unknown {
  if (!lungs) return nothing;
  const { dice, limits, note } = lungs.evaluation;
  return html`${part(
    msg('Outlining the lungs'),
    note,
    msg('Overlap (Dice) with masks it never saw; 1 is the same outline'),
    [msg('Masks'), msg('Lung'), msg('Pictures'), msg('Mean Dice'), msg('95 % reach')],
    dice.map((row) => [
      row.masks,
      row.channel === 'visible' ? msg('aerated part') : msg('with the part behind the heart'),
      formatNumber(row.images),
      formatNumber(row.dice, 3),
      formatNumber(row.low, 3),
    ]),
    [2, 3, 4],
  )}
  ${
    limits.length > 0
      ? part(
          msg('What the lungs give away'),
          '',
          msg('Found among altered pictures, and falsely found among unaltered ones'),
          [msg('Finding'), msg('Altered'), msg('Found'), msg('Unaltered'), msg('False alarms')],
          limits.map(({ finding, detected, falseAlarms }) => [
            finding,
            ...hitsPair(detected),
            ...hitsPair(falseAlarms),
          ]),
          [1, 2, 3, 4],
        )
      : nothing
  }`;
}

function part(
  heading: string,
  note: string,
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  numeric: readonly number[],
): unknown {
  return html`<div>
    <h3>${heading}</h3>
    ${note ? html`<p class="prose quiet preserve">${note}</p>` : nothing}
    ${
      rows.length > 0
        ? html`<fr-data-table
            caption=${caption}
            .columns=${columns}
            .numeric=${numeric}
            .rows=${rows}
          ></fr-data-table>`
        : nothing
    }
  </div>`;
}

function shareOf({ images, found }: Hits): string {
  return images > 0 ? formatShare(found / images) : '–';
}

function hitsPair(hits: Hits | null): [string, string] {
  return hits ? [formatNumber(hits.images), shareOf(hits)] : ['–', '–'];
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`;
}
