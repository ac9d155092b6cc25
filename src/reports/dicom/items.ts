/** Content items of a structured report (PS3.3 C.17.3). */
import type { ImageReference } from './context.ts';
import { plain, type Dataset } from './write.ts';

type Relation = 'CONTAINS' | 'HAS CONCEPT MOD' | 'HAS OBS CONTEXT' | 'INFERRED FROM';

const more = (children: readonly Dataset[]): Dataset =>
  children.length > 0 ? { ContentSequence: children } : {};

export function coded(
  relation: Relation,
  name: Dataset,
  value: Dataset,
  children: readonly Dataset[] = [],
): Dataset {
  return {
    RelationshipType: relation,
    ValueType: 'CODE',
    ConceptNameCodeSequence: [name],
    ConceptCodeSequence: [value],
    ...more(children),
  };
}

export function text(
  relation: Relation,
  name: Dataset,
  value: string,
  children: readonly Dataset[] = [],
): Dataset {
  return {
    RelationshipType: relation,
    ValueType: 'TEXT',
    ConceptNameCodeSequence: [name],
    TextValue: plain(value, 4000) || '-',
    ...more(children),
  };
}

export function uid(relation: Relation, name: Dataset, value: string): Dataset {
  return {
    RelationshipType: relation,
    ValueType: 'UIDREF',
    ConceptNameCodeSequence: [name],
    UID: value,
  };
}

export function person(relation: Relation, name: Dataset, value: string): Dataset {
  return {
    RelationshipType: relation,
    ValueType: 'PNAME',
    ConceptNameCodeSequence: [name],
    PersonName: value || 'Unknown',
  };
}

/** @param value finite; written with six digits, well within the 16 characters of a DS */
export function numeric(
  name: Dataset,
  value: number,
  units: Dataset,
  children: readonly Dataset[],
): Dataset {
  return {
    RelationshipType: 'CONTAINS',
    ValueType: 'NUM',
    ConceptNameCodeSequence: [name],
    MeasuredValueSequence: [
      { NumericValue: value.toFixed(6), MeasurementUnitsCodeSequence: [units] },
    ],
    ...more(children),
  };
}

export function image(
  relation: Relation,
  name: Dataset | null,
  { classUid, instanceUid, frame }: ImageReference,
): Dataset {
  return {
    RelationshipType: relation,
    ValueType: 'IMAGE',
    ...(name ? { ConceptNameCodeSequence: [name] } : {}),
    ReferencedSOPSequence: [
      {
        ReferencedSOPClassUID: classUid,
        ReferencedSOPInstanceUID: instanceUid,
        ...(frame === null ? {} : { ReferencedFrameNumber: frame }),
      },
    ],
  };
}

export function container(
  relation: Relation,
  name: Dataset,
  children: readonly Dataset[],
  template: string | null = null,
): Dataset {
  return {
    RelationshipType: relation,
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [name],
    ContinuityOfContent: 'SEPARATE',
    ...(template
      ? { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] }
      : {}),
    ...more(children),
  };
}
