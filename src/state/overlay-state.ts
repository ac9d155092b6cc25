/** What lies over the picture now: the person's choice, held against what the reading can show. */
import { activationOf } from '../assurance/index.ts';
import type { Assurance, Why } from '../assurance/types.ts';
import type { OverlayChoice, OverlayScene, ShareMap } from './overlay.ts';

/** Places a side of the up-sampled map: as many as the network saw. */
const MAP_SIDE = 224;
/** Below this nothing would be seen of it. */
const VISIBLE = 0.02;

const START: OverlayChoice = { evidence: true, lungs: false, classIndex: null, strength: 0.4 };

export class OverlayState {
  /** For every picture of this sitting that was not refused. */
  #usual: OverlayChoice = START;
  /** Only for the picture it was chosen for. */
  #special: { readonly of: Assurance; readonly choice: OverlayChoice } | null = null;
  #map: { readonly why: Why; readonly index: number; readonly map: ShareMap } | null = null;

  /**
   * Off where the picture was refused. Evidence outside the lungs is shown against their outline.
   */
  choiceFor(assurance: Assurance | null): OverlayChoice {
    if (!assurance) return this.#usual;
    if (this.#special?.of === assurance) return this.#special.choice;
    if (assurance.refusal) return { ...this.#usual, evidence: false, lungs: false };
    const outside = assurance.cautions.some(({ code }) => code === 'evidence-outside-lungs');
    return outside ? { ...this.#usual, lungs: true } : this.#usual;
  }

  choose(assurance: Assurance | null, choice: OverlayChoice): void {
    const special = assurance !== null && this.#isSpecial(assurance);
    if (special) this.#special = { of: assurance, choice };
    else this.#usual = choice;
  }

  /** Position of the class whose evidence is shown. */
  classFor(assurance: Assurance): number {
    const chosen = this.choiceFor(assurance).classIndex;
    // Chosen on a reading of another model, which may have had more classes.
    return chosen === null || chosen >= assurance.labels.length ? assurance.assessment.top : chosen;
  }

  sceneFor(assurance: Assurance | null): OverlayScene | null {
    if (!assurance) return null;
    const choice = this.choiceFor(assurance);
    const { why, lungs } = assurance;
    const map = choice.evidence && why ? this.mapOf(why, this.classFor(assurance)) : null;
    const outlines = choice.lungs && lungs.outlines.length > 0 ? lungs.outlines : null;
    return map || outlines ? { map, strength: choice.strength, outlines } : null;
  }

  /** Whether nothing at all would be seen of the chosen class. */
  isEmpty(assurance: Assurance | null): boolean {
    if (!assurance?.why) return false;
    const { shares } = this.mapOf(assurance.why, this.classFor(assurance));
    return !shares.some((share) => share >= VISIBLE);
  }

  private mapOf(why: Why, index: number): ShareMap {
    if (this.#map?.why === why && this.#map.index === index) return this.#map.map;
    const scale = shareOfStrongest(why, index);
    const shares = activationOf(why, index, MAP_SIDE, MAP_SIDE).map((share) => share * scale);
    const map = { width: MAP_SIDE, height: MAP_SIDE, shares };
    this.#map = { why, index, map };
    return map;
  }

  #isSpecial({ refusal, cautions }: Assurance): boolean {
    return refusal !== null || cautions.some(({ code }) => code === 'evidence-outside-lungs');
  }
}

/**
 * The class's strongest place against the strongest of any class: on a scale of its own, a class of
 * which there is hardly any evidence would look as well founded as the answer.
 */
function shareOfStrongest({ maps, side }: Why, index: number): number {
  const own = maps.subarray(index * side * side, (index + 1) * side * side);
  const most = Math.max(...maps);
  return most > 0 ? Math.max(0, ...own) / most : 0;
}

/** Leafing to another picture keeps the choice; so does leaving the screen and coming back. */
export const overlayState = new OverlayState();
