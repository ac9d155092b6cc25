import { msg, str } from '@lit/localize';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { formatNumber, formatShare } from '../../words/format.ts';
import type { Comparison } from '../../evaluation/index.ts';
import { Screen } from '../../elements/screen.ts';
import { className } from '../../words/words.ts';
import type { OpenedRun } from '../../state/evaluation-desk.ts';
import { renderReport } from './report-table.ts';
import { evaluationStyles } from './styles.ts';
import { chanceWords, pictures, shareWithInterval } from '../../words/evaluation-words.ts';
import '../../elements/confusion-matrix.ts';
import '../../elements/data-table.ts';
import '../../elements/notice.ts';
import './picture-list.ts';

declare global {
  interface HTMLElementTagNameMap {
    'fr-evaluation-comparison': FrEvaluationComparison;
  }
}

/** Two runs side by side, and whether they really differ. */
@customElement('fr-evaluation-comparison')
export class FrEvaluationComparison extends Screen {
  static override styles = [
    ...Screen.styles,
    evaluationStyles,
    css`
      .verdict {
        max-inline-size: var(--measure);
        font-size: var(--text-lead);
      }

      .side {
        display: grid;
        gap: var(--space-4);
      }

      h3 {
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) first!: OpenedRun;
  @property({ attribute: false }) second!: OpenedRun;
  @property({ attribute: false }) comparison!: Comparison;

  protected override listen(): (() => void)[] {
    return [this.services.workbench.subscribe(() => this.requestUpdate())];
  }

  protected override render(): unknown {
    const { first, second, comparison } = this;
    const names = [nameOf(first), nameOf(second)] as const;
    return html`<section aria-labelledby="compared">
        <h2 id="compared">${msg('Two evaluations side by side')}</h2>
        ${
          comparison.shared === 0
            ? html`<fr-notice tone="caution" heading=${msg('They have no picture in common')}>
                ${msg('Only answers to the same pictures can be compared: evaluate both models on the same folder.')}
              </fr-notice>`
            : this.renderVerdict(names)
        }
        <div class="pair">
          ${[first, second].map((side, at) => renderSide(side, `${'AB'[at] ?? ''}: ${names[at] ?? ''}`))}
        </div>
      </section>
      ${comparison.shared > 0 ? this.renderClasses(names) : nothing}
      ${comparison.discordant.length > 0 ? this.renderDiscordant(names) : nothing}`;
  }

  private renderVerdict([a, b]: readonly [string, string]): unknown {
    const { shared, onlyFirst, onlySecond, accuracies, difference, test } = this.comparison;
    const left = onlyFirst + onlySecond;
    return html`<p class="verdict">
        ${msg(
          str`On ${pictures(shared)} that both read: A is right in ${formatShare(accuracies[0])}, B in ${formatShare(accuracies[1])}.`,
        )}
        ${
          test.p < 0.05
            ? msg(str`That they differ is hardly chance (${chanceWords(test.p)}).`)
            : msg(str`The difference may well be chance (${chanceWords(test.p)}).`)
        }
      </p>
      <fr-data-table
        caption=${msg('McNemar’s test, exact: only pictures that one gets right and the other wrong speak')}
        .columns=${[
          msg('A, B'),
          msg('Only A right'),
          msg('Only B right'),
          msg('B minus A'),
          msg('Chance of such a split'),
        ]}
        .numeric=${[1, 2, 3, 4]}
        .rows=${[
          [
            `A: ${a}; B: ${b}`,
            formatNumber(test.firstOnly),
            formatNumber(test.secondOnly),
            shareWithInterval(difference),
            chanceWords(test.p),
          ],
        ]}
      ></fr-data-table>
      ${
        left > 0
          ? html`<p class="note">
              ${msg(
                str`Left out: ${pictures(onlyFirst)} only A read, ${pictures(onlySecond)} only B read.`,
              )}
            </p>`
          : nothing
      }`;
  }

  private renderClasses([a, b]: readonly [string, string]): unknown {
    return html`<section aria-labelledby="classes">
      <h2 id="classes">${msg('Class by class')}</h2>
      <fr-data-table
        caption=${msg(str`Found of each class. A: ${a}; B: ${b}`)}
        .columns=${[
          msg('Class'),
          msg('Pictures'),
          msg('Found by A'),
          msg('Found by B'),
          msg('Only A right'),
          msg('Only B right'),
          msg('McNemar'),
        ]}
        .numeric=${[1, 2, 3, 4, 5, 6]}
        .rows=${this.comparison.perClass.map(({ label, images, recalls, test }) => [
          className(label),
          formatNumber(images),
          images > 0 ? formatShare(recalls[0]) : '–',
          images > 0 ? formatShare(recalls[1]) : '–',
          formatNumber(test.firstOnly),
          formatNumber(test.secondOnly),
          chanceWords(test.p),
        ])}
      ></fr-data-table>
      <p class="note">
        ${msg('Several tests at once find a difference by chance more often than one: take the single ones as hints.')}
      </p>
    </section>`;
  }

  private renderDiscordant([a, b]: readonly [string, string]): unknown {
    const { discordant } = this.comparison;
    const { folder } = this.services.workbench;
    return html`<section aria-labelledby="discordant">
      <h2 id="discordant">${msg('Where only one of them is right')}</h2>
      <p class="note">A: ${a}; B: ${b}</p>
      <fr-picture-list
        label=${msg('Pictures that only one gets right')}
        .services=${this.services}
        .folder=${folder?.key === this.first.run.folder.key ? folder : null}
        .pictures=${discordant.map(({ path, label, answers, right }) => ({
          path,
          label,
          answer: answers[right],
          confidence: 0,
          refused: null,
          line: msg(
            str`${className(label)}. A: ${className(answers[0])}, B: ${className(answers[1])}`,
          ),
        }))}
      ></fr-picture-list>
    </section>`;
  }
}

function nameOf({ run }: OpenedRun): string {
  return `${run.name} · ${run.model.name}`;
}

function renderSide({ result }: OpenedRun, name: string): unknown {
  const { study, classes } = result;
  if (!study) return html`<p class="note">${name}: ${msg('there are no figures')}</p>`;
  return html`<div class="side">
    <h3>${name}</h3>
    <fr-confusion-matrix
      caption=${msg('Confusion matrix')}
      .labels=${classes.map(className)}
      .counts=${study.confusion}
    ></fr-confusion-matrix>
    ${renderReport(study.report, classes, msg('Classification report'))}
  </div>`;
}
