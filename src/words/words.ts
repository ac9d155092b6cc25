/** The words for what the figures say; one place, so that every screen and print says the same. */
import { msg, str } from '@lit/localize';
import type { Adapted, Assurance } from '../assurance/types.ts';
import { formatTime } from './format.ts';
import type { BackendId } from '../inference/types.ts';
import type { Case } from '../session/types.ts';

export function className(label: string): string {
  switch (label) {
    case 'COVID':
      return msg('COVID-19');
    case 'Lung_Opacity':
      return msg('Lung opacity');
    case 'Normal':
      return msg('Normal');
    case 'Viral Pneumonia':
      return msg('Viral pneumonia');
    default:
      return label;
  }
}

export function backendWords(backend: BackendId): string {
  switch (backend) {
    case 'webgpu':
      return msg('Graphics processor (WebGPU)');
    case 'webgl':
      return msg('Graphics processor (WebGL)');
    case 'wasm':
      return msg('Processor (WebAssembly)');
    case 'cpu':
      return msg('Processor, slow way (JavaScript)');
  }
}

export function caseLine(entry: Case): string {
  switch (entry.state.phase) {
    case 'queued':
      return msg('Waiting');
    case 'reading':
      return msg('Being read…');
    case 'done':
      return answerLine(entry.state.assurance);
    case 'failed':
      return entry.state.fault.message;
  }
}

/** The answer in a line of a list: the classes that fit, or why there is none. */
function answerLine({ refusal, set, assessment }: Assurance): string {
  switch (refusal?.code) {
    case 'not-a-frontal-chest':
      return msg('Not read: no frontal chest X-ray');
    case 'blank-picture':
      return msg('Not read: next to nothing to see');
    case 'too-few-pixels':
      return msg('Not read: too small');
    case 'lungs-needed':
      return msg('Not read: the lungs were not located');
    case undefined:
      return (set?.labels ?? [assessment.label]).map(className).join(' / ');
  }
}

export function caution(): string {
  return msg('A computer’s impression, not a diagnosis. A trained person must read the picture.');
}

/** For a picture that is a photograph of a film. */
export function filmCaution(): string {
  return msg(
    'Photograph of film: the answer is less reliable than on the digital original; how much less has not been measured.',
  );
}

/** On every result of a model adapted here, in exports and on the status page. */
export function adaptedWords({ name, created }: Pick<Adapted, 'name' | 'created'>): string {
  return msg(str`Adapted at this site: “${name}”, ${formatTime(created)}.`);
}

export function notADevice(): string {
  return msg(
    'Decision support for research, teaching and supervised pilots. Not a medical device.',
  );
}
