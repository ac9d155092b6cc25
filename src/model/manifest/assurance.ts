/**
 * What the app needs, beside the network itself, to say how sure an answer is or to refuse one:
 * fitted by training/ on the developers' split, measured on pictures that fitted nothing.
 * The whole section is optional (models of before 1.0 have none), and so is `lungs` in it.
 *
 * Everything here is arithmetic on what one run of the network gives (its four logits and the pooled
 * 1280-number embedding `e`), in float64 on the CPU, so that every backend says the same.
 * training/fieldray_training/assurance/ computes the same numbers; tests/fixtures/assurance-golden.json
 * holds both to them.
 */
import * as v from 'valibot';
import { LUNG_FEATURES, LungsSchema } from './lungs.ts';
import { count, finite, Hits, name, path, perClass, ruleOver, share, text } from './parts.ts';
import { DistanceSchema, HospitalsSchema, SeenSchema, WordsSchema } from './travel.ts';

const LIMIT = 4096;
const place = v.pipe(count, v.maxValue(LIMIT));

/**
 * One array in the binary `gate.file`: little endian, row-major, from byte `offset` (a multiple of 4).
 * An int8 array [rows, columns] has one factor a row: value = byte × scale[row], the scales lying in
 * the float32 array named `scale`.
 */
const TableSchema = v.variant('dtype', [
  v.object({
    name,
    dtype: v.literal('float32'),
    shape: v.pipe(v.array(place), v.minLength(1), v.maxLength(2)),
    offset: count,
  }),
  v.object({
    name,
    dtype: v.literal('int8'),
    shape: v.pipe(v.array(place), v.length(2)),
    offset: count,
    scale: name,
  }),
]);

/**
 * What a rule may look at. From the embedding: `distance` (to the nearest center), `residual` (the
 * share of the embedding that the projection does not see, as a logarithm), `probe`. From the lung
 * network's map: see LungsSchema.
 */
export const GATE_FEATURES = ['distance', 'residual', 'probe', ...LUNG_FEATURES] as const;
export type GateFeature = (typeof GATE_FEATURES)[number];

/**
 * A picture passes as a frontal chest radiograph where the rule does. 1 / (1 + e^−score) is the
 * probability of the fitting set's mix, for display only.
 */
const RuleSchema = ruleOver(GATE_FEATURES);
export type GateRule = v.InferOutput<typeof RuleSchema>;

/** How one kind of picture fared at the gate, on pictures that fitted nothing. */
const GateRowSchema = v.object({
  /** `chest` should pass, `other` should be refused; `lateral`, `ct`, … are kinds of `other`. */
  wanted: v.picklist(['pass', 'refuse']),
  kind: name,
  /** Class and origin where `kind` is a chest. */
  label: v.optional(name),
  origin: v.optional(name),
  /** Right decisions of each rule: accepted where `pass` is wanted, refused where `refuse` is. */
  embedding: Hits,
  joined: v.optional(Hits),
});

/**
 * Is it a frontal chest radiograph? Mahalanobis distance of the embedding to the class centers with
 * a shared, shrunk covariance (Lee 2018), on the leading directions within the classes.
 *
 * With the arrays of `file` (names fixed):
 *   `center` [1280], `directions` [rows, 1280] int8, `offsets` [rows], `centers` [groups, dimensions],
 *   `spread` [dimensions]
 *   y = directions · (e − center) + offsets; z = y[0 … dimensions)
 *   distance = min over groups of ‖z − centers[group]‖ (the covariance is the identity in z)
 *   residual = ln((‖e − center‖² − Σ (spread·z)²) / 1280), the bracket at least 1e-9
 *   probe = y[probeRow]
 * The remaining rows of y are the probes of `quality`. Pooling forgets where in the picture a feature
 * was, and a network trained on mirrored pictures hardly tells a chest on its left side from one on its
 * right: with the array `tilts` [t, 2560] int8 the last t rows of y see that too,
 *   y[rows − t + i] += tilts[i] · (mx, my),  mx[f] = Σ over places of features[place, f] · (column − 3) / 3 / 49,
 *   my the same by row, of the network's features [7, 7, 1280]
 */
const GateSchema = v.object({
  file: path,
  tables: v.pipe(v.array(TableSchema), v.minLength(5), v.maxLength(20)),
  dimensions: v.pipe(count, v.minValue(2), v.maxValue(256)),
  /** Names of the centers: the four classes, and whatever else is a frontal chest. */
  groups: v.pipe(v.array(name), v.minLength(4), v.maxLength(16)),
  /** Row of y that is the linear probe “a frontal chest”. */
  probeRow: v.optional(count),
  rules: v.object({
    /** Without the lung network. */
    embedding: RuleSchema,
    /** With it; absent where the model has none. */
    joined: v.optional(RuleSchema),
  }),
  evaluation: v.object({ note: text, rows: v.array(GateRowSchema) }),
});

/**
 * Probes on the embedding, rows of `gate.tables.directions`.
 * orientation: softmax of y[rows] over “as it should be, turned clockwise by 90, 180, 270 degrees”;
 * the picture is called turned where the largest but the first is largest and ≥ threshold.
 * inverted, mirrored: 1 / (1 + e^−y[row]) ≥ threshold. Mirrored is a hint only.
 * They are fitted on chests: of anything else they say nothing.
 */
const QualitySchema = v.object({
  orientation: v.object({
    rows: v.pipe(v.array(count), v.length(4)),
    threshold: share,
  }),
  inverted: v.object({ row: count, threshold: share }),
  mirrored: v.optional(v.object({ row: count, threshold: share })),
  /** Found among altered and falsely found among unaltered held-out radiographs, by finding. */
  evaluation: v.object({
    note: text,
    rows: v.array(
      v.object({
        /** `rotated-90`, `rotated-180`, `rotated-270`, `inverted`, `mirrored`, or an origin's name below one. */
        finding: name,
        detected: v.nullable(Hits),
        falseAlarms: v.nullable(Hits),
      }),
    ),
  }),
});

/** Coverage of one level on held-out pictures. */
const CoverageSchema = v.object({
  images: count,
  /** Share of pictures whose true class is in the set. */
  coverage: share,
  coveragePerClass: perClass(share),
  imagesPerClass: perClass(count),
  meanSize: v.pipe(finite, v.minValue(0), v.maxValue(4)),
  /** How many sets have 0, 1, 2, 3, 4 classes. */
  sizes: v.pipe(v.array(count), v.length(5)),
});

/**
 * Split conformal prediction, class-conditional (Vovk 2003; Angelopoulos & Bates 2021), with the margin
 * score: class k of a picture with calibrated probabilities p has the score
 *   s_k = max of the other p − p_k     (−1 … 1; below 0 only for the most resembled class)
 * and belongs to the set of a level where s_k ≤ thresholds[k]. The sets adapt: the nearer together
 * the answers, the larger the set. p is that of the manifest's temperature, without any change of priors.
 *
 * A set may be empty: the answers lie so near together that none stands out at this level. It is then
 * shown as the two most resembled classes (`completed` gives the figures of that), and as uncertain.
 * A set that holds another class but not the most resembled one is shown with every class that is
 * likelier than its least likely one. Sets are nested: each also holds what the set of the next lower
 * level is shown with. `levels` ascend.
 */
const ConformalSchema = v.object({
  score: v.literal('margin'),
  completion: v.literal('top-two'),
  calibrationImages: perClass(count),
  levels: v.pipe(
    v.array(
      v.object({
        level: share,
        thresholds: perClass(v.pipe(finite, v.minValue(-1), v.maxValue(1))),
        held: CoverageSchema,
        completed: CoverageSchema,
      }),
    ),
    v.minLength(1),
    v.maxLength(8),
    v.check(
      (levels) => levels.every(({ level }, at) => at === 0 || level > levels[at - 1].level),
      'the levels do not ascend',
    ),
  ),
  note: text,
});

const increasing = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || value >= (values[index - 1] ?? value));

/**
 * One class against the others on held-out pictures. At thresholds[i], a picture is flagged where its
 * calibrated probability of the class (before any change of priors) is ≥ thresholds[i];
 * truePositives[i] of `positives` and falsePositives[i] of `negatives` are flagged. Thresholds rise
 * from 0 (everything flagged) to above the largest seen (nothing flagged).
 */
export const OperatingCurveSchema = v.pipe(
  v.object({
    label: name,
    thresholds: v.pipe(
      v.array(v.pipe(finite, v.minValue(0), v.maxValue(1.001))),
      v.minLength(2),
      v.maxLength(400),
    ),
    truePositives: v.array(count),
    falsePositives: v.array(count),
    positives: count,
    negatives: count,
  }),
  v.check(
    (curve) =>
      increasing(curve.thresholds) &&
      increasing([...curve.truePositives].reverse()) &&
      increasing([...curve.falsePositives].reverse()) &&
      curve.truePositives.length === curve.thresholds.length &&
      curve.falsePositives.length === curve.thresholds.length &&
      Math.max(0, ...curve.truePositives) <= curve.positives &&
      Math.max(0, ...curve.falsePositives) <= curve.negatives,
    'the curve does not fall as its thresholds rise',
  ),
);

/**
 * What is said at a hospital that the model does not know: fitted on answers of networks that never saw
 * the hospital, each hospital weighed the same.
 */
const NewHospitalSchema = v.object({
  temperature: v.pipe(finite, v.minValue(0.05), v.maxValue(20)),
  conformal: ConformalSchema,
  operating: v.object({ note: text, curves: perClass(OperatingCurveSchema) }),
  words: WordsSchema,
  note: text,
  /** Means over hospitals. */
  evaluation: v.optional(
    v.object({
      hospitals: count,
      images: count,
      sure: share,
      sureRight: v.nullable(share),
      coverage90: share,
      meanSize90: v.pipe(finite, v.minValue(0), v.maxValue(4)),
    }),
  ),
});

export const AssuranceSchema = v.object({
  gate: GateSchema,
  quality: QualitySchema,
  /**
   * Class shares (sum 1) that the calibrated probabilities stand for. A clinic's own shares q change
   * them to p_k·q_k/shares_k, made to sum to 1 (Saerens 2002).
   */
  priors: v.object({
    shares: v.pipe(
      perClass(v.pipe(share, v.minValue(1e-4))),
      v.check(
        (shares) => Math.abs(shares.reduce((sum, value) => sum + value, 0) - 1) < 1e-3,
        'the shares do not sum to 1',
      ),
    ),
    note: text,
    /** Held-out pictures resampled to other mixes: calibration error without and with the correction. */
    checks: v.array(
      v.object({ mix: perClass(share), images: count, uncorrected: share, corrected: share }),
    ),
  }),
  conformal: ConformalSchema,
  operating: v.object({ note: text, curves: perClass(OperatingCurveSchema) }),
  /** Absent: the model comes without a lung network, and the app shows no outline. */
  lungs: v.optional(LungsSchema),
  /** `temperature`, `conformal` and `operating` above speak for the hospitals the model knows. */
  newHospital: v.optional(NewHospitalSchema),
  knownWords: v.optional(WordsSchema),
  distance: v.optional(DistanceSchema),
  hospitals: v.optional(HospitalsSchema),
  seen: v.optional(SeenSchema),
});

export type Assurance = v.InferOutput<typeof AssuranceSchema>;
export type Gate = Assurance['gate'];
export type Quality = Assurance['quality'];
export type Conformal = Assurance['conformal'];
export type ConformalLevel = Conformal['levels'][number];
export type OperatingCurve = v.InferOutput<typeof OperatingCurveSchema>;
