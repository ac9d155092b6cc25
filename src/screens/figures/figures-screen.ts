import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { FaultData } from '../../base/fault.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { Screen } from '../../elements/screen.ts';
import { TOO_FEW } from '../../records/index.ts';
import type { Drift, Performance, Share, Truth } from '../../records/types.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../../state/errors.ts';
import type { PatientDesk } from '../../state/patients/patient-desk.ts';
import { routeHash } from '../../state/routes.ts';
import { formatNumber, formatWait } from '../../words/format.ts';
import { driftWords } from '../../words/drift-words.ts';
import { className } from '../../words/words.ts';
import '../../elements/data-table.ts';
import '../../elements/desk/unlock-form.ts';
import '../../elements/notice.ts';
import '../../elements/segmented.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-figures-screen': FrFiguresScreen;
  }
}

const LABELS = ['COVID', 'Lung_Opacity', 'Normal', 'Viral Pneumonia'];

interface Figures {
  readonly all: Performance;
  readonly weeks: readonly { readonly group: string; readonly performance: Performance }[];
  readonly devices: readonly { readonly group: string; readonly performance: Performance }[];
  readonly drift: Drift;
}

/** How the network does at this site, against the readers' words or the final diagnoses. */
@customElement('fr-figures-screen')
export class FrFiguresScreen extends Screen {
  static override styles = [
    ...Screen.styles,
    css`
      .parts {
        display: grid;
        gap: var(--space-5);
        margin-block-start: var(--space-5);
      }

      .big {
        font-size: var(--text-title);
        font-weight: 620;
        font-variant-numeric: tabular-nums;
      }

      .note {
        max-inline-size: var(--measure);
        color: var(--ink-quiet);
        font-size: var(--text-note);
        line-height: 1.5;
      }

      fr-data-table {
        margin-block-start: var(--space-3);
      }
    `,
  ];

  @state() private desk: PatientDesk | null = null;
  @state() private fault: FaultData | null = null;
  @state() private truth: Truth = 'words';
  @state() private figures: Figures | null = null;
  private deskEnds: (() => void)[] = [];

  protected override listen(): (() => void)[] {
    void this.open();
    return [
      () => {
        for (const end of this.deskEnds.splice(0)) end();
      },
    ];
  }

  protected override render(): unknown {
    const phase = this.desk?.records.state.value?.phase;
    return html`<div class="page">
      <h1 tabindex="-1">${msg('How it does here')}</h1>
      ${faultNotice(this.fault)}
      ${
        phase === 'off'
          ? html`<p class="lead">
                ${msg('These figures come from kept studies and the readers’ words.')}
              </p>
              <a class="button primary" href=${routeHash('records')}>${msg('Keep studies')}</a>`
          : phase === 'locked'
            ? html`<fr-unlock-form .desk=${this.desk}></fr-unlock-form>`
            : this.figures
              ? this.renderFigures(this.figures)
              : html`<p class="quiet" role="status">${msg('Opening…')}</p>`
      }
    </div>`;
  }

  private renderFigures(figures: Figures): unknown {
    return html`<fr-segmented
        label=${msg('Compared with')}
        .options=${[
          { value: 'words', label: msg('The readers’ words') },
          { value: 'diagnoses', label: msg('Final diagnoses') },
        ]}
        .value=${this.truth}
        @option-chosen=${(event: CustomEvent<string>) => {
          this.truth = event.detail as Truth;
          void this.count();
        }}
      ></fr-segmented>
      <div class="parts">
        ${this.renderDrift(figures.drift)} ${this.renderAgreement(figures.all)}
        ${this.renderClasses(figures.all)} ${this.renderGroups(figures)}
      </div>`;
  }

  private renderDrift(drift: Drift): unknown {
    return html`<fr-notice tone=${drift.changed ? 'caution' : 'info'}>
      ${driftWords(drift)}
    </fr-notice>`;
  }

  private renderAgreement({
    compared,
    studies,
    enough,
    kappa,
    refused,
    time,
  }: Performance): unknown {
    return html`<div class="card">
      <h2>${msg('Agreement')}</h2>
      <p class="note">
        ${msg(str`${formatNumber(compared)} of ${formatNumber(studies)} studies have both an answer and something to compare it with.`)}
      </p>
      ${
        enough && Number.isFinite(kappa.value)
          ? html`<p class="big">
                ${msg(str`Cohen’s κ ${formatNumber(kappa.value, 2)} (${formatNumber(kappa.low, 2)} to ${formatNumber(kappa.high, 2)})`)}
              </p>
              <p class="note">
                ${msg(str`They agree on ${formatNumber(kappa.agreed)} of ${formatNumber(kappa.count)}. κ is agreement beyond chance: 0 is chance, 1 is always; the 95 % interval in brackets.`)}
              </p>`
          : html`<p class="big">${tooFew(compared)}</p>`
      }
      <p class="note">
        ${msg('Refused by the computer:')} ${shareWords(refused)}.
        ${
          time.enough
            ? msg(str`Half of the studies took a reader less than ${formatWait(time.median)}.`)
            : nothing
        }
      </p>
    </div>`;
  }

  private renderClasses({ classes }: Performance): unknown {
    return html`<div class="card">
      <h2>${msg('By class')}</h2>
      <fr-data-table
        stacks
        caption=${msg('Sensitivity: found of those that have it. Specificity: spared of those that do not. With 95 % intervals (Wilson).')}
        .columns=${[msg('Class'), msg('Sensitivity'), msg('Specificity')]}
        .rows=${classes.map(({ label, sensitivity, specificity }) => [
          className(label),
          shareWords(sensitivity),
          shareWords(specificity),
        ])}
      ></fr-data-table>
    </div>`;
  }

  private renderGroups({ weeks, devices }: Figures): unknown {
    const table = (
      caption: string,
      first: string,
      groups: Figures['weeks'],
      nameOf: (group: string) => string,
    ): unknown =>
      html`<fr-data-table
        stacks
        caption=${caption}
        .columns=${[first, msg('Studies'), msg('Compared'), msg('κ'), msg('Refused')]}
        .rows=${groups.map(
          ({ group, performance: { studies, compared, enough, kappa, refused } }) => [
            nameOf(group),
            studies,
            compared,
            enough && Number.isFinite(kappa.value)
              ? formatNumber(kappa.value, 2)
              : msg('too few to say'),
            shareWords(refused),
          ],
        )}
      ></fr-data-table>`;
    return html`<div class="card">
      <h2>${msg('By week and device')}</h2>
      ${table(msg('By week'), msg('Week'), weeks.slice(-26), (group) => group)}
      ${table(msg('By device'), msg('Device'), devices, (group) => group || msg('no name'))}
    </div>`;
  }

  private async open(): Promise<void> {
    try {
      const desk = await this.services.patients.get();
      if (!this.isConnected) return;
      this.deskEnds.push(
        desk.records.state.listen(() => void this.count()),
        desk.records.changes.listen(() => void this.count()),
      );
      this.desk = desk;
      await desk.records.refresh();
      await this.count();
    } catch (reason) {
      this.explain(reason);
    }
  }

  private async count(): Promise<void> {
    const { desk, truth } = this;
    if (!desk?.records.unlocked) {
      this.figures = null;
      return;
    }
    try {
      const { records } = desk;
      const [all, weeks, devices, drift] = await Promise.all([
        records.call('performance', LABELS, truth),
        records.call('performanceBy', 'week', LABELS, truth),
        records.call('performanceBy', 'device', LABELS, truth),
        records.call('drift', {}),
      ]);
      if (truth === this.truth) this.figures = { all, weeks, devices, drift };
      this.fault = null;
    } catch (reason) {
      this.explain(reason);
    }
  }

  private explain(reason: unknown): void {
    this.fault = faultDataOf(reason, () => new ActionError(reason));
  }
}

function tooFew(count: number): string {
  return msg(str`Too few to say: ${formatNumber(count)} of at least ${TOO_FEW}.`);
}

function shareWords({ value, low, high, found, total, enough }: Share): string {
  const counts = msg(str`${formatNumber(found)} of ${formatNumber(total)}`);
  if (!enough) return msg(str`too few to say (${counts})`);
  const percent = (share: number): string => formatNumber(100 * share);
  return msg(str`${percent(value)} % (${percent(low)} to ${percent(high)} %), ${counts}`);
}
