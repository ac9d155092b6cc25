import { describe, expect, it } from 'vitest';
import {
  compare,
  csvOf,
  documentOf,
  operatingCurvesOf,
  resultOf,
  thin,
  type Checks,
  type EvaluatedPicture,
  type RunFacts,
} from '../../src/evaluation/index.ts';
import { CLASS_LABELS, OperatingCurveSchema } from '../../src/model/index.ts';
import * as v from 'valibot';
import { thresholdFor } from '../../src/assurance/index.ts';
import { picturesCsv } from '../../src/evaluation/pictures-csv.ts';

const CLASSES = ['a', 'b'];
const picture = (
  path: string,
  probabilities: number[] | null,
  more: Partial<EvaluatedPicture> = {},
): EvaluatedPicture => ({
  path,
  label: path.split('/')[0],
  origin: null,
  logits: probabilities,
  probabilities,
  refused: null,
  sets: {},
  failure: probabilities ? null : { code: 'damaged-picture', message: 'It is damaged.' },
  ...more,
});
const run: RunFacts = {
  name: 'Ward 3',
  folder: { name: 'ward', key: 'k' },
  model: { key: 'm@1', id: 'm', version: '1.0.0', name: 'm 1.0.0' },
  startedAt: Date.UTC(2026, 0, 2),
  seconds: 3,
  backend: 'wasm',
  appVersion: '1.2.3',
  done: 6,
};
const CHECKS: Checks = {
  gate: 1.5,
  cautions: ['evidence-outside-lungs', 'blurred'],
  measured: { blurred: 1.2 },
  insideLungs: [0.3, null],
  lungArea: 0.25,
};
const SAMPLE = [
  picture('a/1.png', [0.9, 0.1], { origin: 'x', sets: { '0.9': [0] }, checks: CHECKS }),
  picture('a/2.png', [0.2, 0.8], { origin: 'x', sets: { '0.9': [1, 0] } }),
  picture('a/bad.png', null),
  picture('b/1.png', [0.3, 0.7], { refused: 'not-a-frontal-chest' }),
  picture('knees/1.png', [0.6, 0.4]),
  picture('knees/bad.png', null),
];

describe('the heaps of a run', () => {
  it('scores what has a class, names what could not be read, and only tells of other folders', () => {
    const { study, scored, unreadable, others } = resultOf(SAMPLE, CLASSES, { samples: 10 });
    expect(scored.map(({ path }) => path)).toEqual(['a/1.png', 'a/2.png', 'b/1.png']);
    expect(study?.confusion).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(unreadable.map(({ path }) => path)).toEqual(['a/bad.png']);
    expect(others).toEqual([
      {
        name: 'knees',
        images: 2,
        meanTopProbability: 0.6,
        answers: [1, 0],
        refused: 0,
        unreadable: 1,
      },
    ]);
  });

  it('has no figures where nothing of the classes could be read', () => {
    const result = resultOf([picture('a/bad.png', null), picture('z/1.png', [1, 0])], CLASSES);
    expect(result.study).toBeNull();
    const document = documentOf(run, [], result);
    expect(document.accuracy).toBe(0);
    expect(document.confusionMatrix).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('has figures where every picture was refused', () => {
    const all = SAMPLE.map((each) => ({ ...each, refused: 'blank-picture' }));
    const { study } = resultOf(all, CLASSES, { samples: 10 });
    expect(study?.accuracyOfAccepted).toBeNull();
    expect(study?.refusals).toEqual({ 'blank-picture': 3 });
  });
});

describe('what is written out', () => {
  it('puts everything into the document, under the names of scikit-learn', () => {
    const document = documentOf(run, SAMPLE, resultOf(SAMPLE, CLASSES, { samples: 10 }));
    expect(document).toMatchObject({
      schema: 1,
      startedAt: '2026-01-02T00:00:00.000Z',
      secondsPerImage: 0.5,
      unreadable: 1,
      refusals: { 'not-a-frontal-chest': 1 },
      errors: ['a/2.png'],
    });
    expect(document.report['a']).toEqual({
      precision: 1,
      recall: 0.5,
      'f1-score': 2 / 3,
      support: 2,
    });
    expect(document.files.map(({ predicted }) => predicted)).toEqual(['a', 'b', null, 'b']);
    expect(document.files[1].sets).toEqual({ '0.9': ['b', 'a'] });
    expect(document.files[2].refused).toBe('damaged-picture');
    expect(document.files.map(({ checks }) => checks)).toEqual([CHECKS, null, null, null]);
    expect(document.otherFolders[0].files).toHaveLength(2);
    expect(document.curves['a'].thresholds).toEqual([0.9, 0.3, 0.2]);
    // Plain data: nothing is lost on the way through a file.
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('writes a row a file that spreadsheets take as text', () => {
    const csv = picturesCsv(
      [picture('a/=1,"x".png', [0.25, 0.75]), ...SAMPLE.slice(1, 4), SAMPLE[0]],
      CLASSES,
    );
    expect(csv.split('\r\n')).toEqual([
      'path,label,origin,answer,right,p a,p b,named at 0.9,refused,unreadable,cautions,evidence inside lungs',
      '"a/=1,""x"".png",a,,b,false,0.25,0.75,,,,,',
      'a/2.png,a,x,b,false,0.2,0.8,b | a,,,,',
      'a/bad.png,a,,,,,,,,damaged-picture,,',
      'b/1.png,b,,b,true,0.3,0.7,,not-a-frontal-chest,,,',
      'a/1.png,a,x,a,true,0.9,0.1,a,,,evidence-outside-lungs | blurred,0.3',
      '',
    ]);
    expect(csvOf(['x'], [['=1+1'], ['-3'], [-3], ['a\nb'], [null]])).toBe(
      'x\r\n\'=1+1\r\n\'-3\r\n-3\r\n"a\nb"\r\n\r\n',
    );
  });
});

describe('two runs side by side', () => {
  const first = { classes: CLASSES, pictures: SAMPLE };

  it('counts only pictures that both read, by path', () => {
    const second = {
      classes: CLASSES,
      pictures: [
        picture('a/1.png', [0.4, 0.6]),
        picture('a/2.png', [0.7, 0.3]),
        picture('a/new.png', [0.7, 0.3]),
        picture('b/1.png', [0.1, 0.9]),
        picture('knees/1.png', [0.1, 0.9]),
      ],
    };
    const result = compare(first, second, { samples: 100 });
    expect(result).toMatchObject({ shared: 3, onlyFirst: 0, onlySecond: 1 });
    expect(result.accuracies).toEqual([2 / 3, 2 / 3]);
    expect(result.test).toEqual({ firstOnly: 1, secondOnly: 1, p: 1 });
    expect(result.difference?.value).toBe(0);
    expect(result.discordant).toEqual([
      {
        path: 'a/1.png',
        label: 'a',
        origin: 'x',
        answers: ['a', 'b'],
        confidences: [0.9, 0.6],
        right: 0,
      },
      {
        path: 'a/2.png',
        label: 'a',
        origin: 'x',
        answers: ['b', 'a'],
        confidences: [0.8, 0.7],
        right: 1,
      },
    ]);
    expect(result.perClass[0]).toMatchObject({ label: 'a', images: 2, recalls: [0.5, 0.5] });
  });

  it('compares models whose classes stand in another order, or only partly agree', () => {
    const second = { classes: ['b', 'c'], pictures: [picture('b/1.png', [0.9, 0.1])] };
    const result = compare(first, second, { samples: 10 });
    expect(result).toMatchObject({ shared: 1, accuracies: [1, 1] });
    expect(result.perClass.map(({ label }) => label)).toEqual(['b']);
  });

  it('says nothing of nothing', () => {
    const result = compare(first, { classes: CLASSES, pictures: [] });
    expect(result).toMatchObject({ shared: 0, difference: null });
    expect(result.test.p).toBe(1);
  });
});

describe("the site's own operating curves", () => {
  const many = CLASS_LABELS.flatMap((label, k) =>
    Array.from({ length: 120 }, (_, at) => {
      const rest = (1 - (0.3 + 0.6 * ((at * 37) % 120)) / 120) / 3;
      const probabilities = CLASS_LABELS.map((__, other) => (other === k ? 1 - 3 * rest : rest));
      return picture(`${label}/${at}.png`, probabilities, { label });
    }),
  );

  it('has the form that the settings read, and the counts of the pictures', () => {
    const curves = operatingCurvesOf(many)!;
    expect(curves.map(({ label }) => label)).toEqual([...CLASS_LABELS]);
    for (const [k, curve] of curves.entries()) {
      expect(v.safeParse(OperatingCurveSchema, curve).success).toBe(true);
      expect(curve).toMatchObject({ positives: 120, negatives: 360 });
      for (const at of [0, 7, 60, curve.thresholds.length - 1]) {
        const flagged = many.filter(
          ({ probabilities }) => probabilities![k] >= curve.thresholds[at],
        );
        expect(flagged.filter(({ label }) => label === curve.label)).toHaveLength(
          curve.truePositives[at],
        );
        expect(flagged.filter(({ label }) => label !== curve.label)).toHaveLength(
          curve.falsePositives[at],
        );
      }
      const threshold = thresholdFor(curve, { kind: 'sensitivity', value: 0.95 });
      const found = many.filter(
        ({ label, probabilities }) => label === curve.label && probabilities![k] >= threshold,
      );
      expect(found.length / 120).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('are none with too few pictures of a class, and leave refused ones out', () => {
    expect(operatingCurvesOf(many.slice(0, 380))).toBeNull();
    const some = many.map((each, at) => (at % 120 < 20 ? { ...each, refused: 'x' } : each));
    expect(operatingCurvesOf(some)![0].positives).toBe(100);
  });

  it('survive scores that are all alike', () => {
    const alike = many.map((each) => ({ ...each, probabilities: [0.25, 0.25, 0.25, 0.25] }));
    const [curve] = operatingCurvesOf(alike)!;
    expect(v.safeParse(OperatingCurveSchema, curve).success).toBe(true);
    expect(curve.thresholds).toHaveLength(3);
  });

  it('keeps both ends when a list is thinned', () => {
    expect(thin([1, 2, 3, 4, 5], 3)).toEqual([1, 3, 5]);
    expect(thin([1, 2], 3)).toEqual([1, 2]);
  });
});
