import { html } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';

export interface NumberField {
  readonly words: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step: number | 'any';
  readonly name?: string;
}

/** A number of the training's settings; `take` hears only those that are allowed. */
export function renderNumberField(field: NumberField, take: (value: number) => void): unknown {
  return html`<label class="field"
    ><span>${field.words}</span>
    <input
      type="number"
      required
      inputmode="decimal"
      name=${ifDefined(field.name)}
      min=${field.min}
      max=${field.max}
      step=${field.step}
      .value=${String(field.value ?? '')}
      @change=${(event: Event) => {
        const input = event.target as HTMLInputElement;
        if (input.reportValidity()) take(input.valueAsNumber);
      }}
  /></label>`;
}
