import { msg } from '@lit/localize';
import { html } from 'lit';
import type { RecordsSettings } from '../../records/types.ts';
import '../../elements/switch.ts';

/** What a site decides of its kept studies; each change is told at once. */
export function settingsFields(
  settings: RecordsSettings,
  change: (part: Partial<RecordsSettings>) => void,
): unknown {
  const choice = (keep: RecordsSettings['keep'], name: string, hint: string): unknown =>
    html`<label class="choice"
      ><input
        type="radio"
        name="keep"
        .checked=${settings.keep === keep}
        @change=${() => change({ keep })}
      />
      <span><strong>${name}</strong> <span class="hint">${hint}</span></span></label
    >`;
  return html`<fieldset>
      <legend>${msg('What is kept')}</legend>
      ${choice(
        'result',
        msg('Label and result'),
        msg('Least space: about 5 kB a study. The picture cannot be seen again.'),
      )}
      ${choice(
        'reading-copy',
        msg('With a reading copy'),
        msg('The picture at 1,024 pixels, to look at and to compare: about 100 kB each.'),
      )}
      ${choice(
        'original',
        msg('With the original file'),
        msg('The file as it was opened: up to 30 MB each.'),
      )}
    </fieldset>
    <div class="pair">
      <label class="field"
        ><span>${msg('Delete after (days)')}</span>
        <input
          class="short"
          type="number"
          inputmode="numeric"
          min="1"
          max="36500"
          required
          .value=${settings.retentionDays === null ? '' : String(settings.retentionDays)}
          @change=${(event: Event) => whole(event, 36_500, (days) => change({ retentionDays: days }))}
        />
      </label>
      <label class="field"
        ><span>${msg('Lock after (minutes without a touch)')}</span>
        <input
          class="short"
          type="number"
          inputmode="numeric"
          min="1"
          max="1440"
          required
          .value=${String(settings.autoLockMinutes)}
          @change=${(event: Event) =>
            whole(event, 1440, (minutes) => change({ autoLockMinutes: minutes }))}
        />
      </label>
    </div>
    <label class="field"
      ><span>${msg('Name of this device')}</span>
      <input
        maxlength="60"
        autocomplete="off"
        .value=${settings.device}
        @change=${(event: Event) =>
          change({ device: (event.target as HTMLInputElement).value.trim() })}
      />
      <span class="hint">${msg('For figures and exports, such as “Tablet 3, ward B”.')}</span>
    </label>
    <fr-switch
      label=${msg('Read first')}
      note=${msg('The computer’s answer stays hidden until the reader has given theirs.')}
      .checked=${settings.readFirst}
      @switch-turned=${(event: CustomEvent<boolean>) => change({ readFirst: event.detail })}
    ></fr-switch>`;
}

function whole(event: Event, most: number, take: (value: number) => void): void {
  const input = event.target as HTMLInputElement;
  const value = Math.round(Number(input.value));
  if (Number.isFinite(value) && value >= 1 && value <= most) take(value);
  else input.reportValidity();
}
