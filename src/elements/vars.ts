import { noChange } from 'lit';
import { directive, Directive, PartType } from 'lit/directive.js';
import type { ElementPart, PartInfo } from 'lit/directive.js';

/**
 * `<div ${vars({ '--share': 0.4 })}>`: custom properties through the CSSOM. A `style` attribute (and
 * Lit's styleMap, which writes one at first) is forbidden by our Content-Security-Policy.
 */
class VarsDirective extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new TypeError('vars() belongs on an element.');
  }

  override render(_values: Readonly<Record<`--${string}`, string | number>>): unknown {
    return noChange;
  }

  override update(
    part: ElementPart,
    [values]: [Readonly<Record<`--${string}`, string | number>>],
  ): unknown {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) style.setProperty(name, String(value));
    return noChange;
  }
}

export const vars = directive(VarsDirective);
