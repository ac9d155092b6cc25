/** What to do first: what a labelled folder is, or, with one open, the one button that begins. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatNumber } from '../../words/format.ts';
import { icon } from '../../elements/icons.ts';
import type { LabelledFolder } from '../../dataset/types.ts';
import type { EvaluatedModel, EvaluationRun } from '../../evaluation/index.ts';
import { className } from '../../words/words.ts';
import '../../elements/notice.ts';

export interface StartActions {
  choose(key: string): void;
  begin(): void;
  /** A run of this folder that was left in the middle. */
  resume(run: EvaluationRun): void;
}

export function renderHowTo(): unknown {
  return html`<section class="card" aria-labelledby="how">
    <h2 id="how">${msg('Judge the model on your own patients')}</h2>
    <ol>
      <li>
        ${msg('Put chest X-rays whose answer you know into one folder a class, and these into one folder:')}
        <pre>${'my-clinic/\n  COVID/\n  Lung_Opacity/\n  Normal/\n  Viral Pneumonia/'}</pre>
      </li>
      <li>
        ${msg('Open that folder above. Two classes are enough; other folders are read too and told without a score.')}
      </li>
      <li>
        ${msg('The pictures are read on this device. Figures, errors and a report to take along come out; no picture leaves or is kept.')}
      </li>
    </ol>
  </section>`;
}

export function renderStart(
  folder: LabelledFolder,
  models: readonly EvaluatedModel[],
  chosen: EvaluatedModel,
  unfinished: readonly EvaluationRun[],
  actions: StartActions,
): unknown {
  const known = new Set(chosen.labels);
  const counts = folder.labels.map((label) => ({
    label,
    count: folder.items.filter((item) => item.label === label).length,
  }));
  const inside = counts.filter(({ label }) => known.has(label));
  const outside = counts.filter(({ label }) => !known.has(label));
  return html`<section class="card" aria-labelledby="start">
    <h2 id="start">${msg('Evaluate this folder')}</h2>
    ${
      models.length > 1
        ? html`<label>
            ${msg('Model')}
            <select
              @change=${(event: Event) => actions.choose((event.target as HTMLSelectElement).value)}
            >
              ${models.map(
                ({ key, name }) =>
                  html`<option value=${key} ?selected=${key === chosen.key}>${name}</option>`,
              )}
            </select>
          </label>`
        : html`<p class="note">${msg(str`Model: ${chosen.name}`)}</p>`
    }
    <ul class="classes">
      ${inside.map(
        ({ label, count }) =>
          html`<li><strong>${formatNumber(count)}</strong> ${className(label)}</li>`,
      )}
      ${outside.map(
        ({ label, count }) =>
          html`<li class="quiet">
            <strong>${formatNumber(count)}</strong>
            ${msg(str`${label} (no class of this model: read without a score)`)}
          </li>`,
      )}
    </ul>
    ${renderWarnings(inside, chosen)}
    ${unfinished.map(
      (run) =>
        html`<fr-notice
          tone="info"
          heading=${msg(str`“${run.name}” was left at ${formatNumber(run.done)} of ${formatNumber(run.total)}`)}
        >
          ${msg('It goes on where it stopped.')}
          <div slot="actions">
            <button class="button primary" type="button" @click=${() => actions.resume(run)}>
              ${icon('play', 20)} ${msg('Continue')}
            </button>
          </div>
        </fr-notice>`,
    )}
    <div class="row">
      <button
        class="button ${unfinished.length > 0 ? '' : 'primary'}"
        type="button"
        @click=${actions.begin}
      >
        ${icon('play', 20)} ${msg(str`Evaluate ${formatNumber(folder.items.length)} pictures`)}
      </button>
    </div>
  </section>`;
}

function renderWarnings(
  inside: readonly { readonly label: string; readonly count: number }[],
  { labels }: EvaluatedModel,
): unknown {
  const few = inside.filter(({ count }) => count < 30);
  const missing = labels.filter((label) => !inside.some((each) => each.label === label));
  if (inside.length === 0) {
    return html`<fr-notice
      tone="caution"
      heading=${msg('None of these folders is one of its classes')}
    >
      ${msg(str`Name the folders like the model’s classes: ${labels.join(', ')}. As it is, everything is read without a score.`)}
    </fr-notice>`;
  }
  return html`${
    missing.length > 0
      ? html`<p class="note">
          ${msg(str`No pictures of ${missing.map(className).join(', ')}: the figures say nothing about them.`)}
        </p>`
      : nothing
  }
  ${
    few.length > 0
      ? html`<p class="note">
          ${msg(str`Fewer than 30 pictures of ${few.map(({ label }) => className(label)).join(', ')}: their figures will be rough; look at the intervals.`)}
        </p>`
      : nothing
  }`;
}
