import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { Manifest } from '../model/index.ts';

/** The training log as two charts, with the epoch whose weights were kept. */
export function renderCurves(manifest: Manifest): unknown {
  const { trainingLog, keptEpoch } = manifest.evaluation;
  if (trainingLog.length === 0) return nothing;
  const rising = trainingLog.every(
    (entry, index) => index === 0 || entry.epoch > (trainingLog[index - 1]?.epoch ?? -1),
  );
  // Where every stage counts from the start again, a running number tells the epochs apart.
  const x = trainingLog.map((entry, index) => (rising ? entry.epoch : index + 1));
  const mark = rising && x.includes(keptEpoch) ? keptEpoch : null;
  const zones = trainingLog.flatMap(({ stage }, index) =>
    stage === trainingLog[index - 1]?.stage ? [] : [{ name: stage, from: x[index] ?? 0 }],
  );
  return html`<section aria-labelledby="training">
    <h2 id="training">${msg('How the training went')}</h2>
    <div class="pair">
      <fr-line-chart
        class="card"
        caption=${msg('Accuracy')}
        x-label=${msg('Epoch')}
        mark-label=${msg('kept')}
        .mark=${mark}
        .x=${x}
        .zones=${zones}
        .series=${[
          { name: msg('Validation'), values: trainingLog.map((entry) => entry.val_accuracy) },
          {
            name: msg('Training'),
            values: trainingLog.map((entry) => entry.accuracy),
            dashed: true,
          },
        ]}
      ></fr-line-chart>
      <fr-line-chart
        class="card"
        caption=${msg('Loss')}
        x-label=${msg('Epoch')}
        mark-label=${msg('kept')}
        .mark=${mark}
        .x=${x}
        .zones=${zones}
        .series=${[
          { name: msg('Validation'), values: trainingLog.map((entry) => entry.val_loss) },
          { name: msg('Training'), values: trainingLog.map((entry) => entry.loss), dashed: true },
        ]}
      ></fr-line-chart>
    </div>
  </section>`;
}
