import { describe, expect, it } from 'vitest';
import {
  augmented,
  balanceOf,
  countByClass,
  countMasks,
  countOrigins,
  extremesOf,
  openLabelledFolder,
  PUBLISHED,
  publishedCounts,
  splitCsv,
  totalOf,
} from '../../src/dataset/index.ts';
import { channelsOf } from '../../src/dataset/scan/channels.ts';
import { maskFacts } from '../../src/dataset/scan/look.ts';
import { givenFolder, metadataSheet } from '../fixtures/labelled-folder.ts';

describe('the published facts', () => {
  it('are those of the study', () => {
    const counts = publishedCounts();
    expect(Object.fromEntries(counts)).toEqual({
      COVID: 3616,
      Lung_Opacity: 6012,
      Normal: 10192,
      'Viral Pneumonia': 1345,
    });
    expect(totalOf(counts)).toBe(21165);
    const balance = new Map(balanceOf(counts).map((each) => [each.label, each]));
    expect(balance.get('COVID')?.share).toBeCloseTo(0.171, 3);
    expect(balance.get('Normal')?.share).toBeCloseTo(0.482, 3);
    expect(balance.get('Viral Pneumonia')?.share).toBeCloseTo(0.064, 3);
    expect(extremesOf(counts)?.largest.label).toBe('Normal');
    expect(extremesOf(counts)?.smallest.label).toBe('Viral Pneumonia');
  });

  it('name where every picture came from, but for the one that the README does not', () => {
    for (const { label, images } of PUBLISHED.classes) {
      const named = (PUBLISHED.sources[label] ?? []).reduce((sum, each) => sum + each.images, 0);
      expect(images - named, label).toBe(label === 'COVID' ? 1 : 0);
    }
  });
});

describe('the balance of a collection', () => {
  const counts = new Map([
    ['a', 100],
    ['b', 50],
    ['c', 10],
  ]);

  it('is told in shares, ratios, weights and copies', () => {
    const [a, b, c] = balanceOf(counts);
    expect([a?.imbalance, b?.imbalance, c?.imbalance]).toEqual([1, 2, 10]);
    // scikit-learn: compute_class_weight('balanced', …) of the same counts.
    expect([a?.weight, b?.weight, c?.weight].map((w) => w?.toFixed(6))).toEqual([
      '0.533333',
      '1.066667',
      '5.333333',
    ]);
    expect([a?.augmentation, c?.augmentation]).toEqual([1, 10]);
    expect([a?.testSupport, b?.testSupport, c?.testSupport]).toEqual([15, 8, 2]);
  });

  it('changes with augmentation, of that class only', () => {
    expect([...augmented(counts, 'c', 4.5).values()]).toEqual([100, 50, 45]);
    expect([...augmented(counts, 'c', 0).values()]).toEqual([100, 50, 10]);
  });

  it('of nothing has no extremes', () => {
    expect(extremesOf(new Map([['a', 0]]))).toBeNull();
  });
});

it('an opened folder is counted by class, mask and origin, and its split is written for others', async () => {
  const folder = await openLabelledFolder(
    givenFolder('f', {
      'COVID/images/1.png': 'x',
      'COVID/images/2, "b".png': 'x',
      'COVID/masks/1.png': 'x',
      'Normal/images/3.png': 'x',
      'm.xlsx': metadataSheet({ '1': 'https://sirm.org/x', '3': '=HYPERLINK' }),
    }),
    { signal: new AbortController().signal },
  );
  expect([...countByClass(folder)]).toEqual([
    ['COVID', 2],
    ['Normal', 1],
  ]);
  expect([...countMasks(folder)]).toEqual([
    ['COVID', 1],
    ['Normal', 0],
  ]);
  expect(countOrigins(folder.items, 'COVID')).toEqual([
    ['SIRM', 1],
    [null, 1],
  ]);
  expect(splitCsv(folder.items, ['train', 'test', 'train'])).toBe(
    'path,label,origin,group,part\r\n' +
      'f/COVID/images/1.png,COVID,SIRM,,train\r\n' +
      '"f/COVID/images/2, ""b"".png",COVID,,,test\r\n' +
      "f/Normal/images/3.png,Normal,'=HYPERLINK,,train\r\n",
  );
});

describe('of a picture', () => {
  it('the channels are read from its head', () => {
    const png = (type: number): Uint8Array => {
      const head = new Uint8Array(33);
      head.set([0x89, 0x50, 0x4e, 0x47]);
      head[25] = type;
      return head;
    };
    expect([0, 2, 3, 4, 6, 9].map((type) => channelsOf(png(type)))).toEqual([1, 3, 1, 2, 4, null]);
    const jpeg = (components: number): Uint8Array =>
      Uint8Array.of(
        0xff,
        0xd8,
        0xff,
        0xe0,
        0,
        4,
        9,
        9,
        0xff,
        0xc2,
        0,
        11,
        8,
        0,
        1,
        0,
        1,
        components,
        1,
      );
    expect([channelsOf(jpeg(1)), channelsOf(jpeg(3))]).toEqual([1, 3]);
    expect(channelsOf(Uint8Array.of(0x42, 0x4d, 1, 2))).toBeNull();
  });

  it('the mask is measured in shares of the picture', () => {
    const side = 8;
    const values = new Float32Array(side * side);
    for (let y = 2; y < 6; y++) for (let x = 4; x < 6; x++) values[y * side + x] = 1;
    expect(maskFacts(values, side)).toEqual({
      area: 8 / 64,
      centerX: 5 / 8,
      centerY: 0.5,
      left: 0.5,
      top: 0.25,
      right: 0.75,
      bottom: 0.75,
    });
    expect(maskFacts(new Float32Array(64), 8)).toBeNull();
  });
});
