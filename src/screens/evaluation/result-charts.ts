/** ROC and precision–recall of every class, and the reliability diagram, with their intervals. */
import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { SquareBand, SquareLine, SquareMark } from '../../elements/chart/square-chart.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import { wilson } from '../../assurance/index.ts';
import {
  PLACES,
  thin,
  type Band,
  type ClassCurves,
  type EvaluationStudy,
  type ReliabilityBin,
} from '../../evaluation/index.ts';
import { className } from '../../words/words.ts';
import { areaWithInterval } from '../../words/evaluation-words.ts';
import '../../elements/chart/square-chart.ts';

/** A line on the screen tells no more with more points, and a table of more nobody reads. */
const MOST_POINTS = 400;
const TABLE_ROWS = 60;

export function renderCurveCharts({ classes, curves }: EvaluationStudy): unknown {
  return classes.map((label, k) => {
    const mine = curves[k];
    if (!mine?.roc) {
      return html`<p class="note">
        ${msg(str`${className(label)}: no curve, for there are no pictures with it, or none without.`)}
      </p>`;
    }
    return html`${renderRoc(className(label), mine)} ${renderPrecision(className(label), mine)}`;
  });
}

function renderRoc(name: string, { curve, roc, rocBand }: ClassCurves): unknown {
  const { positives, negatives } = curve;
  const rows = curve.points.map(({ threshold, truePositives, falsePositives }) => ({
    threshold,
    found: truePositives / positives,
    alarms: falsePositives / negatives,
  }));
  const lines: SquareLine[] = [
    {
      name: msg('Chance'),
      kind: 'ideal',
      points: [
        [0, 0],
        [1, 1],
      ],
    },
    {
      name,
      kind: 'main',
      points: [
        [0, 0],
        ...thin(rows, MOST_POINTS).map(({ alarms, found }) => [alarms, found] as const),
      ],
    },
  ];
  return html`<fr-square-chart
    class="card"
    caption=${msg(str`ROC: ${name}`)}
    figure=${msg(str`Area ${areaWithInterval(roc)}`)}
    x-label=${msg('False alarms among those without it')}
    y-label=${msg('Found among those with it')}
    .lines=${lines}
    .band=${bandOf(rocBand)}
    .table=${{
      columns: [msg('Probability from'), msg('Found'), msg('False alarms')],
      numeric: [0, 1, 2],
      rows: thin(rows, TABLE_ROWS).map(({ threshold, found, alarms }) => [
        formatNumber(threshold, 4),
        formatShare(found),
        formatShare(alarms),
      ]),
    }}
  ></fr-square-chart>`;
}

function renderPrecision(name: string, { curve, precision, precisionBand }: ClassCurves): unknown {
  const { positives, negatives } = curve;
  const rows = curve.points
    .filter(({ truePositives }) => truePositives > 0)
    .map(({ threshold, truePositives, falsePositives }) => ({
      threshold,
      found: truePositives / positives,
      right: truePositives / (truePositives + falsePositives),
    }));
  const share = positives / (positives + negatives);
  const lines: SquareLine[] = [
    {
      name: msg('Chance'),
      kind: 'ideal',
      points: [
        [0, share],
        [1, share],
      ],
    },
    {
      name,
      kind: 'main',
      points: thin(rows, MOST_POINTS).map(({ found, right }) => [found, right] as const),
    },
  ];
  return html`<fr-square-chart
    class="card"
    caption=${msg(str`Precision–recall: ${name}`)}
    figure=${msg(str`Average precision ${areaWithInterval(precision)}`)}
    x-label=${msg('Found among those with it (recall)')}
    y-label=${msg('Right among those named (precision)')}
    .lines=${lines}
    .band=${bandOf(precisionBand)}
    .table=${{
      columns: [msg('Probability from'), msg('Recall'), msg('Precision')],
      numeric: [0, 1, 2],
      rows: thin(rows, TABLE_ROWS).map(({ threshold, found, right }) => [
        formatNumber(threshold, 4),
        formatShare(found),
        formatShare(right),
      ]),
    }}
  ></fr-square-chart>`;
}

export function renderReliability({ reliability, calibrationError }: EvaluationStudy): unknown {
  const bins = reliability.filter(({ answers }) => answers > 0);
  const most = Math.max(1, ...bins.map(({ answers }) => answers));
  const marks = bins.map((bin): SquareMark => {
    const { low, high } = wilson(Math.round((bin.accuracy ?? 0) * bin.answers), bin.answers);
    const at = [bin.confidence ?? 0, bin.accuracy ?? 0] as const;
    return { at, low, high, weight: bin.answers / most };
  });
  const lines: SquareLine[] = [
    {
      name: msg('As stated'),
      kind: 'ideal',
      points: [
        [0, 0],
        [1, 1],
      ],
    },
    { name: msg('Answers'), kind: 'main', points: marks.map(({ at }) => at) },
  ];
  return html`<fr-square-chart
    class="card"
    caption=${msg('Reliability: how often it was right when it said how sure it is')}
    figure=${msg(str`Calibration error ${formatShare(calibrationError)}`)}
    x-label=${msg('Stated probability of the answer')}
    y-label=${msg('Right')}
    .lines=${lines}
    .marks=${marks}
    .table=${{
      columns: [
        msg('Stated'),
        msg('Pictures'),
        msg('Mean stated'),
        msg('Right'),
        msg('95 % interval (Wilson)'),
      ],
      numeric: [1, 2, 3, 4],
      rows: bins.map((bin) => binRow(bin)),
    }}
  ></fr-square-chart>`;
}

function binRow(bin: ReliabilityBin): string[] {
  const { low, high } = wilson(Math.round((bin.accuracy ?? 0) * bin.answers), bin.answers);
  return [
    `${formatShare(bin.low)}–${formatShare(bin.high)}`,
    formatNumber(bin.answers),
    formatShare(bin.confidence ?? 0),
    formatShare(bin.accuracy ?? 0),
    `${formatShare(low)}–${formatShare(high)}`,
  ];
}

function bandOf(band: Band): SquareBand {
  return band.flatMap((place, at) =>
    place ? [{ x: at / PLACES, low: place.low, high: place.high }] : [],
  );
}
