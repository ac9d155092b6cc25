import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { AssuranceSettings, Coverage, CurvesOrigin, Priors } from '../../assurance/types.ts';
import { formatDate, formatNumber } from '../../words/format.ts';
import type { FaultData } from '../../base/fault.ts';
import { CLASS_LABELS } from '../../model/index.ts';
import type { Assurance as AssuranceSection, Manifest } from '../../model/index.ts';
import { className } from '../../words/words.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../../state/errors.ts';
import { routeHash } from '../../state/routes.ts';
import { Screen } from '../../elements/screen.ts';
import '../../elements/notice.ts';
import '../../elements/segmented.ts';
import '../../elements/switch.ts';
import './operating-section.ts';
import './priors-section.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-settings-screen': FrSettingsScreen;
  }
}

const COVERAGES: readonly Coverage[] = [0.9, 0.95];

/** What this site decides: how answers are weighed and when a picture is flagged. */
@customElement('fr-settings-screen')
export class FrSettingsScreen extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      section {
        margin-block-start: var(--space-5);
      }

      section > .note {
        margin-block-end: var(--space-4);
      }

      .note {
        max-inline-size: var(--measure);
        color: var(--ink-quiet);
        font-size: var(--text-note);
        line-height: 1.5;
      }

      .set-note {
        margin-block-start: var(--space-3);
      }

      .switches {
        display: grid;
        gap: var(--space-4);
        max-inline-size: var(--measure);
      }

      .back-to {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-3);
        align-items: center;
        margin-block-start: var(--space-6);
      }
    `,
  ];

  @state() private fault: FaultData | null = null;
  @state() private news = '';
  /** How common each class may be here, sum 1; null: too few pictures were read. */
  @state() private estimate: Priors | null = null;
  /** What the last reset took away. */
  @state() private taken: AssuranceSettings | null = null;

  protected override listen(): (() => void)[] {
    void this.load();
    return [
      this.services.setup.subscribe(() => void this.load()),
      this.services.settings.subscribe(() => this.requestUpdate()),
    ];
  }

  protected override render(): unknown {
    const { manifest } = this;
    const settings = this.services.settings.value;
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Settings of this site')}</h1>
      <p class="lead">
        ${msg('They change how answers are weighed and when a picture is flagged. They stand under every result, and never leave this device.')}
      </p>
      ${
        this.fault
          ? html`<fr-notice tone="trouble" announce="alert" heading=${this.fault.message}>
              ${this.fault.remedy}
            </fr-notice>`
          : nothing
      }
      ${
        manifest
          ? settings
            ? this.renderSettings(settings, manifest)
            : html`<p class="quiet" role="status">${msg('Opening…')}</p>`
          : html`<p class="quiet">
              ${msg('There is nothing to set before the model is on this device.')}
            </p>`
      }
      <section class="card" aria-labelledby="kept">
        <h2 id="kept">${msg('Kept studies')}</h2>
        <p class="note">
          ${msg('Patients, results and the readers’ words on a later day, encrypted on this device; and names on the screen.')}
        </p>
        <a class="button" href=${routeHash('records')}>${msg('Kept studies')}</a>
      </section>
      <p class="visually-hidden" role="status">${this.news}</p>
    </div>`;
  }

  private renderSettings(settings: AssuranceSettings, manifest: Manifest): unknown {
    const section = manifest.assurance;
    return html`${section ? this.renderWeighing(settings, section) : this.renderTooOld()}
      ${this.renderChecks(settings)} ${section ? this.renderOperating(settings, section) : nothing}
      <div class="back-to">
        <button class="button" type="button" @click=${() => void this.reset(manifest)}>
          ${msg('Everything as delivered')}
        </button>
        ${
          this.taken
            ? html`<button class="button bare" type="button" @click=${this.undo}>
                ${msg('Undo')}
              </button>`
            : nothing
        }
      </div>`;
  }

  private renderTooOld(): unknown {
    return html`<section>
      <fr-notice tone="info">
        ${msg('The model on this device brings no figures to weigh answers with. Look for a newer one on the Status page.')}
        <div slot="actions">
          <a class="button" href=${routeHash('status')}>${msg('Status')}</a>
        </div>
      </fr-notice>
    </section>`;
  }

  private renderWeighing(settings: AssuranceSettings, section: AssuranceSection): unknown {
    const conformal = section.newHospital?.conformal ?? section.conformal;
    const level = conformal.levels.find(({ level }) => level === settings.coverage);
    return html`<section class="card" aria-labelledby="priors">
        <h2 id="priors">${msg('How common each class is here')}</h2>
        <fr-priors-section
          .assumed=${section.priors.shares}
          .stated=${settings.priors}
          @priors-stated=${(event: CustomEvent<Priors | null>) =>
            this.set({ priors: event.detail })}
        ></fr-priors-section>
        ${this.renderEstimate(settings)}
      </section>
      <section class="card" aria-labelledby="sets">
        <h2 id="sets">${msg('How careful an answer is')}</h2>
        <p class="note">
          ${msg('An answer names as many classes as it takes for the right one to be among them this often. More careful means that two classes are named more often.')}
        </p>
        <fr-segmented
          label=${msg('The right class is among those named')}
          .options=${COVERAGES.map((coverage) => ({
            value: String(coverage),
            label: msg(str`${Math.round(100 * coverage)} of 100 times`),
          }))}
          .value=${String(settings.coverage)}
          @option-chosen=${(event: CustomEvent<string>) =>
            this.set({ coverage: Number(event.detail) as Coverage })}
        ></fr-segmented>
        ${
          level && !settings.siteFit
            ? html`<p class="note set-note">
                ${msg(
                  str`On ${formatNumber(level.completed.images)} ${section.newHospital ? msg('pictures of hospitals left out of the training') : msg('held-out pictures')} the right class was among those named ${formatNumber(100 * level.completed.coverage, 1)} of 100 times, with ${formatNumber(level.completed.meanSize, 2)} classes named on average.`,
                )}
              </p>`
            : nothing
        }
      </section>`;
  }

  /** What the pictures read here say of it, for whoever wants to start from that. */
  private renderEstimate(settings: AssuranceSettings): unknown {
    const { estimate } = this;
    if (!estimate) return nothing;
    const told = estimate.map(
      (share, at) => `${className(CLASS_LABELS[at] ?? '')} ${formatNumber(100 * share, 0)}`,
    );
    const taken = settings.priors?.every(
      (share, at) => Math.abs(share - (estimate[at] ?? 0)) < 1e-6,
    );
    return html`<p class="note set-note">
        ${msg(str`By the pictures read here, of 100 these may be: ${told.join(', ')}. The estimate is only as good as the model is here: compare it with your own records.`)}
      </p>
      ${
        taken
          ? nothing
          : html`<button
              class="button"
              type="button"
              @click=${() => this.set({ priors: estimate })}
            >
              ${msg('Use these numbers')}
            </button>`
      }`;
  }

  private renderChecks(settings: AssuranceSettings): unknown {
    return html`<section class="card" aria-labelledby="checks">
      <h2 id="checks">${msg('Checks')}</h2>
      <div class="switches">
        <fr-switch
          label=${msg('Test with copies')}
          note=${msg('Where the answer is not clear-cut (less than 95 %), a mirrored and a slightly shifted copy are read, too. If the answers differ, “unstable” is said. Costs such pictures two more runs of the network.')}
          .checked=${settings.copies}
          @switch-turned=${(event: CustomEvent<boolean>) => this.set({ copies: event.detail })}
        ></fr-switch>
      </div>
    </section>`;
  }

  private renderOperating(settings: AssuranceSettings, section: AssuranceSection): unknown {
    return html`<section class="card" aria-labelledby="limits">
      <h2 id="limits">${msg('From when on a picture is flagged')}</h2>
      <p class="note">
        ${msg('Two limits for each class: below the lower one it is not flagged, from the upper one on the patient is referred, in between a person reads the picture.')}
      </p>
      <fr-operating-section
        .curves=${settings.curves ?? (section.newHospital ?? section).operating.curves}
        ?own=${settings.curves !== null}
        .operating=${settings.operating}
        .prevalence=${settings.priors ?? section.priors.shares}
        @operating-chosen=${(event: CustomEvent<AssuranceSettings['operating']>) =>
          this.set({ operating: event.detail })}
      ></fr-operating-section>
      ${settings.curvesFrom ? this.renderOwnCurves(settings.curvesFrom) : nothing}
    </section>`;
  }

  /** Taken over from the evaluation screen; given back here as well as there. */
  private renderOwnCurves({ name, made }: CurvesOrigin): unknown {
    return html`<div class="back-to">
      <span class="note"
        >${msg(str`Set by the evaluation “${name}” of ${formatDate(made)} on this device.`)}</span
      >
      <button
        class="button"
        type="button"
        @click=${() => this.set({ curves: null, curvesFrom: null, siteFit: null })}
      >
        ${msg('Back to the model’s own')}
      </button>
    </div>`;
  }

  private get manifest(): Manifest | null {
    const { state } = this.services.setup;
    return state.phase === 'ready' ? state.model.manifest : null;
  }

  private async load(): Promise<void> {
    const { manifest } = this;
    if (!manifest) return;
    await this.attempt(() => this.services.settings.load(manifest));
    this.requestUpdate();
    const looks = await this.services.looks.get().catch(() => null);
    const shares = looks?.shares(manifest) ?? null;
    this.estimate = shares && statable(shares);
  }

  private set(part: Partial<AssuranceSettings>): void {
    const settings = this.services.settings.value;
    if (!settings) return;
    this.taken = null;
    this.news = msg('Saved');
    void this.attempt(() => this.services.settings.save({ ...settings, ...part }));
  }

  private async reset(manifest: Manifest): Promise<void> {
    await this.attempt(async () => {
      this.taken = await this.services.settings.reset(manifest);
      this.news = msg('Everything is as delivered');
    });
  }

  private readonly undo = (): void => {
    const { taken } = this;
    this.taken = null;
    if (!taken) return;
    this.news = msg('Undone');
    void this.attempt(() => this.services.settings.save(taken));
  };

  private async attempt(task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
      this.fault = null;
    } catch (reason) {
      this.fault = faultDataOf(reason, () => new ActionError(reason));
    }
  }
}

/** No class is impossible: of 1,000 pictures at least one. */
function statable(shares: readonly number[]): Priors {
  const possible = shares.map((share) => Math.max(0.001, Math.round(share * 1000) / 1000));
  const sum = possible.reduce((total, share) => total + share, 0);
  return possible.map((share) => share / sum);
}
