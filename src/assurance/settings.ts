/**
 * What a site decides, kept in the browser's small storage. Read with a schema: what an older or a
 * tampered-with page left there is replaced by what the model was delivered with, part by part.
 */
import * as v from 'valibot';
import type { Memory } from '../inference/index.ts';
import { CLASS_LABELS, type Manifest, OperatingCurveSchema } from '../model/index.ts';
import { START } from './decision.ts';
import type { AssuranceSettings, Priors } from './types.ts';

const KEY = 'settings';

const prior = v.pipe(v.number(), v.minValue(0.0005), v.maxValue(1));
const PriorsSchema = v.pipe(
  v.tuple([prior, prior, prior, prior]),
  v.check((priors) => Math.abs(sum(priors) - 1) < 1e-3, 'the shares do not sum to 1'),
);
const target = v.pipe(v.number(), v.minValue(0.5), v.maxValue(0.999));
const OriginSchema = v.object({
  model: v.pipe(v.string(), v.maxLength(200)),
  run: v.pipe(v.string(), v.maxLength(200)),
  name: v.pipe(v.string(), v.maxLength(4000)),
  made: v.pipe(v.number(), v.finite()),
});
const SiteFitSchema = v.object({
  temperature: v.pipe(v.number(), v.minValue(0.05), v.maxValue(20)),
  levels: v.pipe(
    v.array(
      v.object({
        level: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
        thresholds: v.pipe(v.array(v.pipe(v.number(), v.minValue(-1), v.maxValue(1))), v.length(4)),
      }),
    ),
    v.maxLength(8),
  ),
  pictures: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
const ChoiceSchema = v.object({ sensitivity: target, specificity: target });

/** As delivered: nothing stated, 90 % sets, every check on. */
export function defaultSettings(_manifest: Manifest): AssuranceSettings {
  return {
    schema: 1,
    priors: null,
    coverage: 0.9,
    operating: { COVID: START, Lung_Opacity: START, Normal: START, 'Viral Pneumonia': START },
    curves: null,
    curvesFrom: null,
    siteFit: null,
    copies: true,
  };
}

/** Never throws: each part that cannot be read is as delivered. */
export function loadSettings(memory: Memory, manifest: Manifest): AssuranceSettings {
  const start = defaultSettings(manifest);
  const stored = parse(memory.read(KEY));
  const { operating } = start;
  return {
    schema: 1,
    priors: part(v.nullable(PriorsSchema), stored['priors'], start.priors),
    coverage: part(v.picklist([0.9, 0.95]), stored['coverage'], start.coverage),
    operating: part(
      v.object({
        COVID: ChoiceSchema,
        Lung_Opacity: ChoiceSchema,
        Normal: ChoiceSchema,
        'Viral Pneumonia': ChoiceSchema,
      }),
      stored['operating'],
      operating,
    ),
    ...ownCurves(stored, manifest),
    copies: part(v.boolean(), stored['copies'], start.copies),
  };
}

/** All or nothing, and only those of the model in use: another one's thresholds would mislead. */
function ownCurves(
  stored: Record<string, unknown>,
  { id, version }: Manifest,
): Pick<AssuranceSettings, 'curves' | 'curvesFrom' | 'siteFit'> {
  const curves = part(
    v.nullable(v.pipe(v.array(OperatingCurveSchema), v.maxLength(CLASS_LABELS.length))),
    stored['curves'],
    null,
  );
  const curvesFrom = part(v.nullable(OriginSchema), stored['curvesFrom'], null);
  const siteFit = part(v.nullable(SiteFitSchema), stored['siteFit'], null);
  return curves && siteFit && curvesFrom?.model === `${id}@${version}`
    ? { curves, curvesFrom, siteFit }
    : { curves: null, curvesFrom: null, siteFit: null };
}

export function saveSettings(memory: Memory, settings: AssuranceSettings): void {
  memory.write(KEY, JSON.stringify(settings));
}

function part<T>(schema: v.GenericSchema<unknown, T>, value: unknown, otherwise: T): T {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : otherwise;
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function sum(priors: Priors): number {
  return priors.reduce((total, share) => total + share, 0);
}
