/** Coverage, refusals, origins, other folders and unreadable files of one evaluation. */
import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import { formatNumber, formatShare } from '../../words/format.ts';
import type { EvaluationResult, EvaluationStudy } from '../../evaluation/index.ts';
import { className } from '../../words/words.ts';
import { refusalWords } from '../../words/evaluation-words.ts';
import '../../elements/data-table.ts';

/** More names tell nothing more; the CSV has all of them. */
const NAMED = 200;

export function renderCoverage({ coverage, classes }: EvaluationStudy): unknown {
  if (coverage.length === 0) {
    return html`<p class="note">
      ${msg('This model brings no prediction sets: there is no coverage to measure.')}
    </p>`;
  }
  return html`<fr-data-table
    caption=${msg('How often the true class is among those named')}
    .columns=${[
      msg('Promised'),
      msg('Kept'),
      ...classes.map(className),
      msg('Classes named, mean'),
    ]}
    .numeric=${[1, ...classes.map((_, k) => 2 + k), 2 + classes.length]}
    .rows=${coverage.map(({ nominal, observed, perClass, meanSize }) => [
      formatShare(nominal),
      formatShare(observed),
      ...perClass.map((share) => (share === null ? '–' : formatShare(share))),
      formatNumber(meanSize, 2),
    ])}
  ></fr-data-table>`;
}

export function renderRefusals({ refusals, images, accuracyOfAccepted }: EvaluationStudy): unknown {
  const rows = Object.entries(refusals).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return html`<p class="note">${msg('The app refuses none of them.')}</p>`;
  return html`<fr-data-table
      caption=${msg('Pictures that the app refuses to answer for')}
      .columns=${[msg('Reason'), msg('Pictures'), msg('Share')]}
      .numeric=${[1, 2]}
      .rows=${rows.map(([code, count]) => [
        refusalWords(code),
        formatNumber(count),
        formatShare(count / images),
      ])}
    ></fr-data-table>
    <p class="note">
      ${
        accuracyOfAccepted === null
          ? msg('Every picture was refused: the figures above are of answers nobody would see.')
          : msg(
              str`The figures above count refused pictures with the answer they would have got. Without them the accuracy is ${formatShare(accuracyOfAccepted)}.`,
            )
      }
    </p>`;
}

export function renderOrigins({ origins, classes }: EvaluationStudy): unknown {
  if (origins.length === 0) {
    return html`<p class="note">
      ${msg('Nothing in this folder says where its pictures came from. Metadata sheets beside the class folders do (COVID.metadata.xlsx …).')}
    </p>`;
  }
  return html`<fr-data-table
      caption=${msg('By origin: share of right answers, and found of each class')}
      .columns=${[msg('Origin'), msg('Pictures'), msg('Right'), ...classes.map(className)]}
      .numeric=${[1, 2, ...classes.map((_, k) => 3 + k)]}
      .rows=${origins.map(({ origin, images, accuracy, recalls }) => [
        origin,
        formatNumber(images),
        formatShare(accuracy),
        ...recalls.map((recall) => (recall === null ? '–' : formatShare(recall))),
      ])}
    ></fr-data-table>
    <p class="note">
      ${msg('Where an origin gave pictures of one class only, a model can be right by recognizing the origin. A figure far from the others is a reason to look.')}
    </p>`;
}

export function renderOthers({ others, classes }: EvaluationResult): unknown {
  if (others.length === 0) return nothing;
  return html`<section aria-labelledby="others">
    <h2 id="others">${msg('Folders that are none of its classes')}</h2>
    <p class="note">
      ${msg('Read, but without a score: there is no right answer to compare with.')}
    </p>
    <fr-data-table
      caption=${msg('What the model most resembled them to')}
      .columns=${[
        msg('Folder'),
        msg('Pictures'),
        msg('Refused'),
        msg('Not readable'),
        ...classes.map(className),
        msg('Mean certainty'),
      ]}
      .numeric=${[1, 2, 3, ...classes.map((_, k) => 4 + k), 4 + classes.length]}
      .rows=${others.map((folder) => [
        folder.name,
        formatNumber(folder.images),
        formatNumber(folder.refused),
        formatNumber(folder.unreadable),
        ...folder.answers.map((count) => formatNumber(count)),
        folder.meanTopProbability === null ? '–' : formatShare(folder.meanTopProbability),
      ])}
    ></fr-data-table>
  </section>`;
}

export function renderUnreadable({ unreadable }: EvaluationResult): unknown {
  if (unreadable.length === 0) return nothing;
  return html`<section aria-labelledby="unreadable">
    <h2 id="unreadable">${msg('Files that could not be read')}</h2>
    <fr-data-table
      caption=${
        unreadable.length > NAMED
          ? msg(
              str`${formatNumber(unreadable.length)} files, in no figure above. The first ${NAMED} of them:`,
            )
          : msg('They are in no figure above.')
      }
      .columns=${[msg('File'), msg('Why')]}
      .rows=${unreadable
        .slice(0, NAMED)
        .map(({ path, failure }) => [path, failure?.message ?? failure?.code ?? ''])}
    ></fr-data-table>
  </section>`;
}
