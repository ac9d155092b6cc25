/** What a picture view adds to its viewer for the evidence: layer, strip, keys and export. */
import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import { createRef, ref } from 'lit/directives/ref.js';
import type { Assurance } from '../../assurance/types.ts';
import { formatNumber, formatTime } from '../../words/format.ts';
import type { FrPictureOverlay } from '../../elements/overlay/picture-overlay.ts';
import type { ViewerSight } from '../../elements/viewer/view-transform.ts';
import { buildInfo } from '../../platform/index.ts';
import type { Case, GrayWindow, PictureSource } from '../../session/types.ts';
import { adaptedWords, caution, className, filmCaution, notADevice } from '../../words/words.ts';
import { overlayState } from '../../state/overlay-state.ts';
import { shortAnswer, verdictOf } from '../../words/verdict.ts';
import type { OverlayChoice } from '../../state/overlay.ts';
import '../../elements/overlay/overlay-bar.ts';
import '../../elements/overlay/picture-overlay.ts';

/** What is in the viewer now. */
export interface Shown {
  readonly entry: Case;
  readonly assurance: Assurance | null;
  readonly source: PictureSource | null;
  readonly window: GrayWindow;
}

export class OverlayView implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #shown: () => Shown;
  readonly #failed: (reason: unknown) => void;
  readonly #layer = createRef<FrPictureOverlay>();

  constructor(host: ReactiveControllerHost, shown: () => Shown, failed: (reason: unknown) => void) {
    this.#host = host;
    this.#shown = shown;
    this.#failed = failed;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('keydown', this.#onKey);
  }

  hostDisconnected(): void {
    document.removeEventListener('keydown', this.#onKey);
  }

  /** For the viewer's `viewer-moved`: the layer follows without another round of rendering. */
  follow(sight: ViewerSight): void {
    if (this.#layer.value) this.#layer.value.sight = sight;
  }

  /** Children of the viewer. */
  render(): TemplateResult {
    const { entry, assurance, source } = this.#shown();
    const choice = overlayState.choiceFor(assurance);
    return html`<fr-picture-overlay
        slot="over"
        ${ref(this.#layer)}
        .scene=${source ? overlayState.sceneFor(assurance) : null}
      ></fr-picture-overlay>
      <fr-overlay-bar
        slot="under"
        .classes=${(assurance?.labels ?? []).map(className)}
        .shown=${assurance ? overlayState.classFor(assurance) : 0}
        .choice=${choice}
        .has=${{
          evidence: Boolean(assurance?.why),
          lungs: (assurance?.lungs.outlines.length ?? 0) > 0,
        }}
        ?pending=${entry.state.phase !== 'done' && entry.state.phase !== 'failed'}
        ?empty=${choice.evidence && overlayState.isEmpty(assurance)}
        ?savable=${source !== null && assurance !== null}
        @overlay-chosen=${(event: CustomEvent<OverlayChoice>) => this.#choose(event.detail)}
        @picture-saved=${() => void this.#save()}
      ></fr-overlay-bar>`;
  }

  #choose(choice: OverlayChoice): void {
    overlayState.choose(this.#shown().assurance, choice);
    this.#host.requestUpdate();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { assurance } = this.#shown();
    const wayOut = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (event.defaultPrevented || wayOut || !assurance || inField(event)) return;
    const choice = overlayState.choiceFor(assurance);
    const key = event.key.toLowerCase();
    if (key === 'e' && assurance.why) this.#choose({ ...choice, evidence: !choice.evidence });
    else if (key === 'l' && assurance.lungs.outlines.length > 0) {
      this.#choose({ ...choice, lungs: !choice.lungs });
    } else return;
    event.preventDefault();
  };

  async #save(): Promise<void> {
    const { entry, assurance, source, window } = this.#shown();
    if (!assurance || !source) return;
    try {
      // Most pictures are never saved: the first result does not wait for this.
      const [{ exportName, exportPicture }, { saveFile }] = await Promise.all([
        import('./picture-export.ts'),
        import('../../platform/save-file.ts'),
      ]);
      const scene = overlayState.sceneFor(assurance);
      const blob = await exportPicture({
        source,
        window,
        scene,
        headline: headlineOf(entry, assurance),
        evidence: scene?.map ? evidenceWords(assurance, scene.strength) : '',
        lines: exportLines(entry, assurance, Date.now()),
      });
      await saveFile(new File([blob], exportName(entry.name), { type: 'image/png' }));
    } catch (reason) {
      this.#failed(reason);
    }
  }
}

/** The verdict as the screen says it: a warning comes before the answer it is about. */
export function headlineOf({ origin }: Case, assurance: Assurance): string {
  const answer = shortAnswer(assurance);
  if (assurance.refusal) return msg(str`Not read: ${answer}`);
  const { kind, sure } = verdictOf(assurance, origin !== undefined);
  const said = [sure?.words, sure?.figure].filter(Boolean).join(' ');
  return kind === 'unreliable'
    ? msg(str`${said}. Most resembles: ${answer}`)
    : msg(str`Most resembles: ${answer}. ${said}`);
}

function evidenceWords(assurance: Assurance, strength: number): string {
  const name = className(assurance.labels[overlayState.classFor(assurance)] ?? '');
  return msg(
    str`none → strongest evidence for ${name}, drawn at ${formatNumber(100 * strength)} %`,
  );
}

/**
 * What has to stand below every picture that leaves the app: every code, those of the file included,
 * and in words what its header says against it where that was overruled.
 */
export function exportLines(entry: Case, assurance: Assurance, now: number): string[] {
  const { state, origin } = entry;
  const picture = state.phase === 'done' ? state.reading.picture : null;
  const overruled = picture?.overridden ?? [];
  const codes = [
    ...[assurance.refusal, ...assurance.cautions].flatMap((each) => each?.code ?? []),
    ...(origin === 'photograph of film' ? ['photograph-of-film'] : []),
    ...overruled.map(({ code }) => code),
    ...(picture?.warnings ?? []).map(({ code }) => code),
  ];
  const verdict = verdictOf(assurance, origin !== undefined);
  return [
    ...verdict.against.map(({ text }) => text),
    verdict.next,
    ...(assurance.adapted ? [adaptedWords(assurance.adapted)] : []),
    ...overruled.map(({ message }) => msg(str`Read although: ${message}`)),
    ...(origin ? [filmCaution()] : []),
    ...(codes.length > 0 ? [msg(str`Codes: ${codes.join(', ')}`)] : []),
    msg(
      str`Fieldray ${buildInfo.version}, model ${assurance.modelId} ${assurance.modelVersion}, ${formatTime(now)}`,
    ),
    caution(),
    notADevice(),
  ];
}

/** Where a letter is a letter, or something lies over the picture. */
function inField(event: Event): boolean {
  return event
    .composedPath()
    .some(
      (node) =>
        node instanceof HTMLElement &&
        node.matches(
          'input:not([type=range], [type=checkbox], [type=radio]), textarea, select, dialog',
        ),
    );
}
