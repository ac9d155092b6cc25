/**
 * What is said of one picture besides its classes: how sure, why, and whether at all. Plain data,
 * structured-cloneable, without words for the screen: those belong to the screens, by code.
 *
 * The door (index.ts) gives:
 *   assure(reading: Reading, settings: AssuranceSettings, model: JudgingModel): Assurance
 *       everything below from one reading; never throws for a picture, only `LogitsUnusable`.
 *       Cheap enough (about a millisecond) to be called again when the settings change.
 *   activationOf(why: Why, index, width, height): Float32Array
 *       the map of one class, bilinear, row-major, 0 = no evidence … 1 = the most of this picture
 *   thresholdFor(curve, target): number;  limitsOf(curve, choice): { low, high }
 *   operatingFigures(curve, threshold, prevalence): OperatingFigures        for the slider
 *       (curves: those of the fit that speaks, fitOf(model, settings, null).curves)
 *   loadSettings(memory, manifest) / saveSettings(memory, settings)         valibot, with defaults
 *       (memory: browserMemory('fieldray.') of the inference door)
 *   examinationOf(settings): Examination            what `screen` and `screenMany` are to look at
 *   REFUSALS: the stable codes with their English words (docs/refusals.md)
 */
import type { Adjustment } from '../radiograph/types.ts';
import type {
  ClassLabel,
  Crop,
  Gate,
  Lungs as LungContract,
  OperatingCurve,
  Quality,
} from '../model/index.ts';
import type { Assessment, WordLimits } from './calibration.ts';

/**
 * What is judged by: the delivered manifest is one of these, a model adapted at a site gives another
 * one. Every part of `assurance` may be missing; what hangs on it is then not said.
 */
export interface JudgingModel {
  readonly id: string;
  readonly version: string;
  /** Class order of the logits. */
  readonly labels: readonly string[];
  readonly temperature: number;
  readonly assurance?:
    | {
        readonly gate?: Gate | undefined;
        readonly quality?: Quality | undefined;
        readonly priors?: { readonly shares: readonly number[] } | undefined;
        readonly conformal?: ConformalLevels | undefined;
        readonly operating?: { readonly curves: readonly OperatingCurve[] } | undefined;
        readonly lungs?: LungContract | undefined;
        /** For a hospital the model does not know; the figures above are for those it knows. */
        readonly newHospital?:
          | {
              readonly temperature: number;
              readonly conformal: ConformalLevels;
              readonly operating: { readonly curves: readonly OperatingCurve[] };
              readonly words: WordLimits;
            }
          | undefined;
        readonly knownWords?: WordLimits | undefined;
        readonly distance?: { readonly from: number; readonly slope: number } | undefined;
      }
    | undefined;
  /** Absent or null: the classifier sees the whole picture. */
  readonly input?: { readonly crop?: Pick<Crop, 'otherwise'> | null | undefined };
  /** Only of a model adapted at a site. */
  readonly adapted?: Adapted;
}

export interface ConformalLevels {
  readonly levels: readonly {
    readonly level: number;
    readonly thresholds: readonly number[];
  }[];
}

/** The figures that turn logits into words, and what they were measured on. */
export interface Fit {
  /**
   * `few-labels`: the model was adapted with fewer than 30 labelled pictures of some class, which say
   * little of how often it is right here.
   */
  readonly kind: 'known-hospitals' | 'new-hospital' | 'this-site' | 'few-labels';
  readonly temperature: number;
  readonly conformal: ConformalLevels | null;
  readonly curves: readonly OperatingCurve[];
  readonly words: WordLimits;
  /** Labelled pictures of this site it was fitted on; null where there are none. */
  readonly pictures: number | null;
}

/** That an answer came of a model adapted at a site, and which. */
export interface Adapted {
  /** Of the adapted model, among those on this device. */
  readonly id: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly created: number;
  /** Labelled pictures it was made of, in all and of the smallest class. */
  readonly pictures?: number;
  readonly fewest?: number;
}

/** Why there is no answer. Stable: exports and docs/refusals.md rely on them. */
export type RefusalCode =
  /** The gate: no frontal chest radiograph (a photo, a knee, a CT slice, a lateral chest …). */
  | 'not-a-frontal-chest'
  /** Hardly any difference between dark and bright: a blank or fully exposed picture. */
  | 'blank-picture'
  /** Fewer pixels than the network could make anything of. */
  | 'too-few-pixels'
  /** The lungs could not be located, and the model does not read whole pictures. */
  | 'lungs-needed';

export interface Refusal {
  readonly code: RefusalCode;
  /** English, for exports: what happened, and what the person can do. */
  readonly message: string;
  readonly remedy: string;
}

/** What is wrong with a picture that can still be read. Stable. */
export type QualityCode =
  | 'rotated'
  | 'mirrored'
  | 'inverted'
  | 'lungs-cut-off'
  | 'too-dark'
  | 'too-bright'
  | 'few-gray-levels'
  | 'low-resolution'
  | 'blurred'
  | 'border'
  | 'text-over-lungs';

/**
 * What one tap does. `adjust` is the whole adjustment to read the file with next: the one it was
 * read with, and this remedy on top.
 */
export interface Remedy {
  readonly kind: 'rotate' | 'invert' | 'crop';
  /** Clockwise degrees, for `rotate`. */
  readonly by?: 90 | 180 | 270;
  /** Of the picture as it was read, 0 … 1 from its left upper corner; for `crop`. */
  readonly rect?: Rect;
  readonly adjust: Adjustment;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * `serious`: do not rely on the answer before it is put right. `caution`: the answer may suffer.
 * `hint`: worth a look; the answer is as good as any.
 */
export type Severity = 'serious' | 'caution' | 'hint';

export interface QualityFinding {
  readonly code: QualityCode;
  readonly severity: Severity;
  /** What was measured, in the unit its module names; for "show every figure". */
  readonly measured: number;
  /** Where on the same scale the finding begins. */
  readonly limit: number;
  readonly remedy: Remedy | null;
  /** Where in the picture (0 … 1), e.g. the text; empty if everywhere. */
  readonly places: readonly Rect[];
}

/** Is it a frontal chest radiograph? */
export interface GateResult {
  /** `unchecked`: the model has no statistics for it, or the reading came without evidence. */
  readonly state: 'passed' | 'refused' | 'unchecked';
  /** Names of the centers (the four classes and whatever else is a frontal chest). */
  readonly groups: readonly string[];
  /** Mahalanobis distance to each of `groups`; empty if unchecked. */
  readonly distances: readonly number[];
  /** The rule's score: passed at or above `threshold`. NaN if unchecked. */
  readonly score: number;
  readonly threshold: number;
  /** Which rule: with the lung map's features or without. */
  readonly rule: 'embedding' | 'joined' | null;
}

/** How common each class is: sum 1, in the order of the model's labels. */
export type Priors = readonly number[];

export interface PriorCorrection {
  /** What the model's probabilities assume. */
  readonly assumed: Priors;
  /** What the clinic states; equal to `assumed` where it states nothing. */
  readonly stated: Priors;
  readonly applied: boolean;
}

export type Coverage = 0.9 | 0.95;

/** Split conformal, adaptive, class-conditional (src/model/manifest/assurance.ts has the rule). */
export interface PredictionSet {
  readonly coverage: number;
  /** Most probable first; never empty. */
  readonly labels: readonly string[];
  /** No class stood out at this level: the two most resembled ones stand in. */
  readonly completed: boolean;
}

/** Where one class stands against the site's operating point. */
export type DecisionState = 'refer' | 'uncertain' | 'not-flagged';

export interface Decision {
  readonly label: string;
  readonly state: DecisionState;
  /** The calibrated probability that was compared (before the clinic's own priors). */
  readonly score: number;
  /** Below: not flagged. */
  readonly low: number;
  /** At or above: refer. `low` ≤ `high`. */
  readonly high: number;
}

/** Do a mirrored and a shifted copy get the same answer? */
export interface StabilityResult {
  /**
   * `not-needed`: the answer is so clear-cut that no copies were read. `off`: by the settings.
   * `unavailable`: the copies could not be read.
   */
  readonly state: 'stable' | 'unstable' | 'not-needed' | 'off' | 'unavailable';
  /**
   * Largest total variation distance (half the sum of absolute differences of the calibrated
   * probabilities, 0 … 1) between the picture and a copy; NaN if there is none.
   */
  readonly difference: number;
  /** Calibrated probabilities of the copies: mirrored, shifted. */
  readonly copies: readonly (readonly number[])[];
}

/** Where the evidence lies. */
export interface Why {
  /** Places a side of the maps (7). */
  readonly side: number;
  /** The part of the picture that the maps lie over: the classifier saw nothing else. */
  readonly rect: Rect;
  /** class × side × side, row-major: what each place adds to the class's logit. */
  readonly maps: Float32Array;
  /** One a class: the sum of a class's map plus its bias is its logit. */
  readonly biases: readonly number[];
  /**
   * Share of each class's positive evidence that lies inside the lungs, 0 … 1, order of
   * the labels; null without a lung map, or where a class has no positive evidence at all.
   */
  readonly insideLungs: readonly (number | null)[];
}

export interface Lungs {
  /**
   * `off`: not asked for; `none-in-model`: the model brings no lung network; `failed`: it could
   * not be run here.
   */
  readonly state: 'found' | 'not-found' | 'off' | 'none-in-model' | 'failed';
  /** Why not, for `failed`. */
  readonly detail: string | null;
  /** Places a side of the masks; 0 if there are none. */
  readonly side: number;
  /** side × side, row-major, 1 = aerated lung: outline, area, border. Empty without a map. */
  readonly visible: Uint8Array;
  /** The same with the lung behind heart and diaphragm: what counts as inside. */
  readonly whole: Uint8Array;
  /** Closed outlines of `visible`: x, y, x, y … in 0 … 1 of the picture as read, largest first. */
  readonly outlines: readonly (readonly number[])[];
  /** Share of the picture that is visible lung. */
  readonly area: number;
  /** Share of the visible lung that lies on the picture's edge. */
  readonly border: number;
}

/**
 * Everything that speaks against relying on the answer, most serious first: the quality findings'
 * codes and what the answer itself gives away.
 */
export type CautionCode =
  | QualityCode
  /** Most of the evidence lies outside the lungs: do not rely on it. */
  | 'evidence-outside-lungs'
  | 'unstable'
  /** The prediction set holds more than one class. */
  | 'several-classes'
  /** This model cannot check whether it is a chest. */
  | 'gate-unchecked'
  /** Asked for, but the lung network could not be run. */
  | 'lungs-unavailable'
  /** The lung network ran and found none. */
  | 'no-lungs-found'
  /** The whole picture was read, because the lungs were not located: less reliable. */
  | 'lungs-not-located';

export interface Caution {
  readonly code: CautionCode;
  readonly severity: Severity;
}

export interface Assurance {
  readonly schema: 1;
  readonly modelId: string;
  readonly modelVersion: string;
  /** Class order of everything below; the delivered model's four, or a site's own. */
  readonly labels: readonly string[];
  /** Null: the delivered model. */
  readonly adapted: Adapted | null;
  /** How the picture was turned, inverted or cropped before it was read; null: as it came. */
  readonly adjust: Adjustment | null;
  /** Null: there is an answer. The figures below are there all the same. */
  readonly refusal: Refusal | null;
  readonly gate: GateResult;
  readonly quality: readonly QualityFinding[];
  readonly cautions: readonly Caution[];
  /** With the clinic's own priors, if it stated any. */
  readonly assessment: Assessment;
  /** Which figures the probabilities, sets, limits and words come from. */
  readonly fit: Pick<Fit, 'kind' | 'pictures'>;
  /** Calibrated probabilities under the model's own priors, order of `labels`. */
  readonly uncorrected: readonly number[];
  readonly priors: PriorCorrection;
  /** At the settings' coverage; null if the model brings no calibration scores. */
  readonly set: PredictionSet | null;
  /** The same at every coverage the model brings. */
  readonly sets: readonly PredictionSet[];
  /** One for every class with a curve; empty if there is none. */
  readonly decisions: readonly Decision[];
  /** Over the classes other than Normal: the most serious of their states; null without curves. */
  readonly triage: DecisionState | null;
  readonly stability: StabilityResult;
  /** Null if the reading was made without evidence. */
  readonly why: Why | null;
  readonly lungs: Lungs;
}

/** A share with its Wilson interval (95 %). */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface OperatingFigures {
  readonly threshold: number;
  readonly sensitivity: Estimate;
  readonly specificity: Estimate;
  /** At the prevalence asked for; intervals carry the Wilson bounds of both through Bayes' rule. */
  readonly positivePredictive: Estimate;
  readonly negativePredictive: Estimate;
}

export interface OperatingTarget {
  readonly kind: 'sensitivity' | 'specificity';
  /** 0.5 … 0.999 */
  readonly value: number;
}

/** What a site chose for one class. The two thresholds that come of it enclose "uncertain". */
export interface OperatingChoice {
  /** Below the threshold that still finds this share of the ill: not flagged. */
  readonly sensitivity: number;
  /** At or above the threshold that still spares this share of the others: refer. */
  readonly specificity: number;
}

/** Where a site's own curves come from: they are worth nothing for another model. */
export interface CurvesOrigin {
  /** id@version of the model that was evaluated. */
  readonly model: string;
  /** The evaluation's id and the name a person gave it. */
  readonly run: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly made: number;
}

export interface AssuranceSettings {
  readonly schema: 1;
  /** Null: the model's own. */
  readonly priors: Priors | null;
  readonly coverage: Coverage;
  readonly operating: Readonly<Record<ClassLabel, OperatingChoice>>;
  /** Curves of the site's own labelled folder, if it made them; null: the model's. */
  readonly curves: readonly OperatingCurve[] | null;
  /** Null where `curves` is. */
  readonly curvesFrom: CurvesOrigin | null;
  /** The rest of that evaluation's fit; null where `curves` is. */
  readonly siteFit: SiteFit | null;
  /** Test-time check: a mirrored and a shifted copy, two more inferences where it is not clear-cut. */
  readonly copies: boolean;
}

/** What a site's own labelled pictures say of the delivered model's answers here. */
export interface SiteFit {
  readonly temperature: number;
  readonly levels: ConformalLevels['levels'];
  /** Labelled pictures it was fitted on. */
  readonly pictures: number;
}
