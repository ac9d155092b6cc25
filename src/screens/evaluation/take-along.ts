/** Ways to take an evaluation along, and to use it at this site. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { fileStem } from '../../elements/chart/svg-file.ts';
import { icon } from '../../elements/icons.ts';
import { documentOf, picturesCsv } from '../../evaluation/index.ts';
import type { OpenedRun } from '../../state/evaluation-desk.ts';

export type FileKind = 'csv' | 'json';

/** The file of a run, named by run and day. */
export function fileOf({ run, pictures, result }: OpenedRun, kind: FileKind): File {
  const name = `${stemOf(run)}.${kind}`;
  if (kind === 'csv') {
    return new File([picturesCsv(pictures, result.classes)], name, { type: 'text/csv' });
  }
  const text = `${JSON.stringify(documentOf(run, pictures, result), null, 1)}\n`;
  return new File([text], name, { type: 'application/json' });
}

export function stemOf({ name, startedAt }: OpenedRun['run']): string {
  return `fieldray-evaluation-${fileStem(name)}-${new Date(startedAt).toISOString().slice(0, 10)}`;
}

export interface TakeAlongActions {
  report(): void;
  file(kind: FileKind): void;
}

export function renderTakeAlong(opened: OpenedRun | null, actions: TakeAlongActions): unknown {
  return html`<div class="row along" role="group" aria-label=${msg('Take along')}>
    <button class="button" type="button" @click=${actions.report}>
      ${icon('download', 20)} ${msg('Report (HTML)')}
    </button>
    ${
      opened
        ? html`<button class="button" type="button" @click=${() => actions.file('csv')}>
              ${icon('download', 20)} ${msg('Answers (CSV)')}
            </button>
            <button class="button" type="button" @click=${() => actions.file('json')}>
              ${icon('download', 20)} ${msg('Everything (JSON)')}
            </button>`
        : nothing
    }
    <button class="button" type="button" @click=${() => window.print()}>
      ${icon('print', 20)} ${msg('Print')}
    </button>
  </div>`;
}

/** Whether this run can be, or is, what this site is measured by. */
export type CurvesState =
  | { readonly state: 'in-use' | 'can-be-used' }
  | { readonly state: 'others-in-use'; readonly from: string }
  | { readonly state: 'impossible'; readonly why: string };

export interface CurvesActions {
  use(): void;
  revoke(): void;
}

export function renderCurvesUse(curves: CurvesState, { use, revoke }: CurvesActions): unknown {
  const inUse = curves.state === 'in-use';
  return html`<section class="card" aria-labelledby="site">
    <h2 id="site">${msg('Use it at this site')}</h2>
    <p class="note">
      ${
        inUse
          ? msg(
              'This evaluation is what is said at this site: how sure an answer is, which classes are named, and from when on a patient is referred.',
            )
          : curves.state === 'impossible'
            ? curves.why
            : msg(
                'Until this site is measured, the app speaks as for a hospital it does not know. If these are pictures of this site, let them say how sure an answer is, which classes are named, and from when on a patient is referred.',
              )
      }
      ${curves.state === 'others-in-use' ? msg(str`Now ${curves.from} says so.`) : nothing}
    </p>
    <div class="row">
      ${
        curves.state === 'can-be-used' || curves.state === 'others-in-use'
          ? html`<button class="button primary" type="button" @click=${use}>
              ${msg('These are our pictures: use them')}
            </button>`
          : nothing
      }
      ${
        inUse || curves.state === 'others-in-use'
          ? html`<button class="button" type="button" @click=${revoke}>
              ${msg('Back to the model’s own')}
            </button>`
          : nothing
      }
    </div>
  </section>`;
}
