/** That pictures of an evaluation were in the training, and what is left without them. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { OpenedRun } from '../../state/evaluation-desk.ts';
import { formatNumber, formatShare } from '../../words/format.ts';
import '../../elements/notice.ts';

export function renderLeak({ leak, pictures }: OpenedRun): unknown {
  if (!leak || leak.seen === 0) return nothing;
  const study = leak.without?.study ?? null;
  const heading = msg(
    str`The model was trained on ${formatNumber(leak.seen)} of these ${formatNumber(pictures.length)} pictures`,
  );
  return html`<fr-notice tone="caution" heading=${heading}>
    ${
      study
        ? msg(
            str`The figures below are too good. Without those pictures: ${formatNumber(study.images)} pictures, accuracy ${formatShare(study.report.accuracy)}, macro F1 ${formatShare(study.report.macro.f1)}, calibration error ${formatShare(study.calibrationError)}.`,
          )
        : msg(
            'The figures below are too good, and no picture is left without those. Evaluate pictures of your own.',
          )
    }
  </fr-notice>`;
}
