/** Section 10: what the dataset is for, whose it is, and what is wrong with it. */
import { msg } from '@lit/localize';
import { html } from 'lit';
import { section } from '../section.ts';
import type { InsightsView } from '../view.ts';

export function purposeSection({ dataset }: InsightsView): unknown {
  const { name, address, factsFrom, licence, citations } = dataset.PUBLISHED;
  return section(
    10,
    msg('What the dataset is for'),
    html`<div class="charts">
      <div class="card prose">
        <h3>${msg('Purpose')}</h3>
        <p>
          ${msg(
            'Research and teaching of methods that tell apart COVID-19, other lung opacity, viral pneumonia and normal frontal chest X-rays, with lung masks for segmentation. It was collected in 2020 and 2021 from public sources to make such research possible at all.',
          )}
        </p>
        <p>
          ${msg(
            'It is not a sample of any clinic’s patients: the shares of its classes say nothing about how common they are, and its labels come from many readers and reports.',
          )}
        </p>
      </div>
      <div class="card prose">
        <h3>${msg('What is wrong with it, in plain words')}</h3>
        <ul>
          <li>
            ${msg(
              'Every class came from other hospitals. A model can learn the hospital (its machine, its lettering, its border) and seem to know the disease.',
            )}
          </li>
          <li>
            ${msg(
              'All pictures of viral pneumonia, and some of the normal ones, are of children; the others are of adults. A model can learn the age.',
            )}
          </li>
          <li>
            ${msg(
              'The COVID folder holds hundreds of near-duplicates. If one is in training and its twin in the test, the test is no test.',
            )}
          </li>
          <li>
            ${msg(
              'Published accuracies of about 96 % are for pictures of the same sources. On pictures from elsewhere such models fall sharply; similar figures were reached with the lungs blacked out.',
            )}
          </li>
          <li>
            ${msg(
              'Everything was squashed to one small square and saved again: fine signs are lost, and traces of each source’s way of saving remain.',
            )}
          </li>
        </ul>
      </div>
      <div class="card prose">
        <h3>${msg('Licence and citations')}</h3>
        <p>${licence}</p>
        <ul>
          ${citations.map((each) => html`<li>${each}</li>`)}
        </ul>
        <p class="quiet">${name}: ${address}. ${msg('Figures from:')} ${factsFrom}.</p>
      </div>
    </div>`,
  );
}
