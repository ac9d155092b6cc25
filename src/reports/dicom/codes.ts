/** Coded concepts (PS3.16): the standard's own, SNOMED CT's, and ours where neither has one. */
import type { Dataset } from './write.ts';

/** Private scheme of this program (PS3.16 section 8.2): named in the file by `OWN_SCHEME`. */
const OWN = '99FIELDRAY';

export const OWN_SCHEME: Dataset = {
  CodingSchemeDesignator: OWN,
  CodingSchemeName: 'Fieldray: classes, findings and decisions',
  CodingSchemeResponsibleOrganization: 'Fieldray',
};

export interface Code extends Dataset {
  readonly CodeValue: string;
  readonly CodingSchemeDesignator: string;
  readonly CodeMeaning: string;
}

export function code(value: string, scheme: string, meaning: string): Code {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

export const dcm = (value: string, meaning: string): Code => code(value, 'DCM', meaning);
export const sct = (value: string, meaning: string): Code => code(value, 'SCT', meaning);

/** A code of at most 16 characters; what is longer is cut and stays readable by its meaning. */
export function own(value: string, meaning: string): Code {
  const short = value
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .slice(0, 16);
  return code(short, OWN, meaning.slice(0, 64));
}

export const NO_UNITS = code('1', 'UCUM', 'no units');

/** The classes; those of a site have its own name. */
export function classCode(label: string): Code {
  switch (label) {
    case 'COVID':
      return sct('840539006', 'COVID-19');
    case 'Viral Pneumonia':
      return sct('75570004', 'Viral pneumonia');
    case 'Normal':
      return sct('17621005', 'Normal');
    case 'Lung_Opacity':
      return own('LUNG_OPACITY', 'Lung opacity');
    default:
      return own(label, label);
  }
}

/** The name of a class in English, for texts in files. */
export function classMeaning(label: string): string {
  return classCode(label).CodeMeaning;
}
