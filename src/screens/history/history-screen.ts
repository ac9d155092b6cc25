import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FaultData } from '../../base/fault.ts';
import { faultNotice } from '../../elements/desk/fault-notice.ts';
import { Screen } from '../../elements/screen.ts';
import type { Rows } from '../../elements/rows.ts';
import type { StudyEntry, StudyQuery } from '../../records/types.ts';
import { faultDataOf } from '../../session/index.ts';
import { ActionError } from '../../state/errors.ts';
import { History } from '../../state/patients/history.ts';
import type { PatientDesk } from '../../state/patients/patient-desk.ts';
import { routeHash } from '../../state/routes.ts';
import { formatNumber } from '../../words/format.ts';
import { formStyles } from '../../elements/desk/form-styles.ts';
import { renderFilters } from './filters.ts';
import './study-view.ts';
import '../../elements/desk/study-list.ts';
import '../../elements/desk/unlock-form.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-history-screen': FrHistoryScreen;
  }
}

const TYPING_MS = 150;

/** Finds a study of an earlier day, and shows it. */
@customElement('fr-history-screen')
export class FrHistoryScreen extends Screen {
  static override styles = [
    ...Screen.styles,
    formStyles,
    css`
      .page {
        display: flex;
        flex-direction: column;
        block-size: 100%;
        min-block-size: 32rem;
        padding-block: var(--space-5);
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2) var(--space-4);
        align-items: baseline;
        justify-content: space-between;
      }

      h1 {
        margin-block-end: var(--space-3);
      }

      .filters {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: var(--space-3);
        max-inline-size: none;
        margin-block-end: var(--space-4);
      }

      .filters .wide {
        grid-column: span 2;
      }

      .filters .field > span {
        font-size: var(--text-note);
        font-weight: 450;
        color: var(--ink-quiet);
      }

      .filters select {
        inline-size: 100%;
      }

      .list {
        flex: 1;
        min-block-size: 16rem;
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
      }

      fr-study-list {
        block-size: 100%;
      }

      .count {
        color: var(--ink-quiet);
        font-size: var(--text-note);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  /** The study to show; null shows the list. */
  @property({ attribute: false }) studyId: string | null = null;

  @state() private desk: PatientDesk | null = null;
  @state() private fault: FaultData | null = null;
  @state() private turn = 0;
  private history: History | null = null;
  private query: StudyQuery = { sort: 'newest' };
  private typing: ReturnType<typeof setTimeout> | undefined;
  private deskEnds: (() => void)[] = [];
  private rows: Rows<StudyEntry> = { length: 0, at: () => undefined, indexOf: () => -1 };

  protected override listen(): (() => void)[] {
    void this.open();
    return [
      () => {
        for (const end of this.deskEnds.splice(0)) end();
        clearTimeout(this.typing);
      },
    ];
  }

  protected override render(): unknown {
    const { desk } = this;
    const phase = desk?.records.state.value?.phase;
    if (desk && phase === 'unlocked' && this.studyId !== null) {
      return html`<fr-study-view
        .desk=${desk}
        .services=${this.services}
        .studyId=${this.studyId}
      ></fr-study-view>`;
    }
    return html`<div class="page">
      <div class="head">
        <h1 tabindex="-1">${msg('History')}</h1>
        ${
          phase === 'unlocked'
            ? html`<a class="button bare" href=${routeHash('figures')}
                >${msg('How it does here')}</a
              >`
            : nothing
        }
      </div>
      ${faultNotice(this.fault)} ${desk && phase ? this.renderPhase(desk, phase) : nothing}
    </div>`;
  }

  private renderPhase(desk: PatientDesk, phase: 'off' | 'locked' | 'unlocked'): unknown {
    if (phase === 'off') {
      return html`<p class="lead">${msg('No studies are kept on this device.')}</p>
        <p><a class="button primary" href=${routeHash('records')}>${msg('Keep studies')}</a></p>`;
    }
    if (phase === 'locked') return html`<fr-unlock-form .desk=${desk}></fr-unlock-form>`;
    const found = this.history?.state.value ?? null;
    return html`${renderFilters(this.query, (part) => this.change(part))}
      <p class="count" role="status">
        ${
          found === null
            ? msg('Opening…')
            : found.found === found.kept
              ? msg(str`${formatNumber(found.kept)} studies`)
              : msg(str`${formatNumber(found.found)} of ${formatNumber(found.kept)} studies`)
        }
      </p>
      <div class="list">
        <fr-study-list
          label=${msg('Kept studies')}
          .entries=${this.rows}
          .turn=${this.turn}
          ?hiddenNames=${desk.settings.value.hidden}
          @study-opened=${(event: CustomEvent<string>) =>
            (location.hash = routeHash('history', event.detail))}
        ></fr-study-list>
      </div>`;
  }

  private change(part: Partial<StudyQuery>): void {
    this.query = { ...this.query, ...part };
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.history?.search(this.query), TYPING_MS);
  }

  private async open(): Promise<void> {
    try {
      const desk = await this.services.patients.get();
      if (!this.isConnected) return;
      const { records } = desk;
      const history = new History(records, (reason) => this.explain(reason));
      this.history = history;
      this.deskEnds.push(
        history.state.listen(() => this.showRows(history)),
        records.changes.listen(() => void history.again()),
        records.state.listen((state) => {
          if (state?.phase === 'unlocked') void history.search(this.query);
          this.requestUpdate();
        }),
        desk.settings.listen(() => this.requestUpdate()),
      );
      this.desk = desk;
      const { phase } = await records.refresh();
      if (phase === 'unlocked') await history.search(this.query);
    } catch (reason) {
      this.explain(reason);
    }
  }

  /** New rows for the list: it draws again. */
  private showRows(history: History): void {
    this.fault = null;
    this.turn += 1;
    this.rows = {
      length: history.length,
      at: (index) => history.at(index),
      indexOf: (id) => history.indexOf(id),
    };
  }

  private explain(reason: unknown): void {
    this.fault = faultDataOf(reason, () => new ActionError(reason));
  }
}
