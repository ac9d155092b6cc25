/**
 * A result as FHIR R4 (hl7.org/fhir/R4): a collection of DiagnosticReport, Observations, ImagingStudy,
 * Device, Provenance and, with identity, Patient. The references are within the bundle.
 */
import type { SourceIdentifiers } from '../../radiograph/types.ts';
import { isUid } from '../dicom/context.ts';
import { classCode, classMeaning, type Code } from '../dicom/codes.ts';
import type { ReportedPicture, ReportedReading, ReportedStudy } from '../types.ts';

export interface FhirWishes {
  /** Without identity where none was asked for (`deidentified`). */
  readonly study: ReportedStudy;
  readonly picture: ReportedPicture;
  /** Null where the picture is no DICOM or identity was not asked for. */
  readonly source: SourceIdentifiers | null;
  /** The picture with evidence and caption, as base64 of a PNG; null: none. */
  readonly png: string | null;
  readonly now: number;
  readonly appVersion: string;
}

type Json =
  string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined };
export type Resource = { readonly resourceType: string } & Record<string, Json | undefined>;

/** Our own codes, as in docs/exports.md. */
const OWN = 'urn:oid:2.25.297713325530468412305981123706540182933';
const SYSTEMS: Readonly<Record<string, string>> = {
  SCT: 'http://snomed.info/sct',
  DCM: 'http://dicom.nema.org/resources/ontology/DCM',
  UCUM: 'http://unitsofmeasure.org',
  '99FIELDRAY': OWN,
};
const TERMS = 'http://terminology.hl7.org/CodeSystem';
const NOT_A_DIAGNOSIS =
  'Decision support for research, teaching and supervised pilots. Not a diagnosis, not a medical device.';

interface Entry {
  readonly fullUrl: string;
  readonly resource: Resource;
}

/** @throws RangeError for a picture that has no reading */
export function fhirBundle(wishes: FhirWishes): Resource {
  const { study, source, now } = wishes;
  const { reading } = wishes.picture;
  if (!reading) throw new RangeError('A picture without a reading has no FHIR report.');
  const agreed = study.words.findLast(({ verdict }) => verdict === 'agree');
  const patient = patientOf(study, source);
  const subject = patient ? refer(patient) : { display: 'Anonymous' };
  const device = entry(deviceOf(reading, wishes.appVersion));
  const imaging = entry(imagingOf(wishes, subject));
  const common = {
    subject,
    device: refer(device),
    derivedFrom: [refer(imaging)],
    effectiveDateTime: instant(reading.readAt ?? now),
  };
  const seen = observationsOf(reading).map((part) =>
    entry({ resourceType: 'Observation', status: 'preliminary', ...common, ...part }),
  );
  const said = study.words.map((word) =>
    entry({
      resourceType: 'Observation',
      status: 'final',
      subject,
      derivedFrom: [refer(imaging)],
      effectiveDateTime: instant(word.at),
      performer: [{ display: word.by.initials || 'Reader' }],
      code: ownConcept('READER', 'Word of the reader'),
      valueCodeableConcept:
        word.label !== null && word.verdict !== 'other'
          ? concept(classCode(word.label))
          : ownConcept(
              word.verdict.toUpperCase(),
              word.verdict === 'unreadable' ? 'Not readable' : 'Something else',
            ),
      ...(word.text ? { note: [{ text: word.text }] } : {}),
    }),
  );
  const report = entry({
    resourceType: 'DiagnosticReport',
    status: agreed ? 'final' : 'preliminary',
    category: [{ coding: [{ system: `${TERMS}/v2-0074`, code: 'RAD', display: 'Radiology' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '30745-4', display: 'XR Chest Views' }] },
    subject,
    effectiveDateTime: instant(reading.readAt ?? now),
    issued: instant(now),
    performer: [{ display: study.site || 'Fieldray' }],
    ...(agreed ? { resultsInterpreter: [{ display: agreed.by.initials || 'Reader' }] } : {}),
    result: [...seen, ...said].map(refer),
    imagingStudy: [refer(imaging)],
    conclusion: conclusionOf(reading),
    ...(reading.top === null ? {} : { conclusionCode: [concept(classCode(reading.top))] }),
    ...(wishes.png === null
      ? {}
      : {
          presentedForm: [
            { contentType: 'image/png', data: wishes.png, title: 'The picture with the evidence' },
          ],
        }),
  });
  const provenance = entry({
    resourceType: 'Provenance',
    target: [report, ...seen, ...said].map(refer),
    recorded: instant(now),
    agent: [
      agentOf('assembler', 'Assembler', refer(device)),
      ...(agreed
        ? [agentOf('verifier', 'Verifier', { display: agreed.by.initials || 'Reader' })]
        : []),
    ],
    entity: [{ role: 'source', what: refer(imaging) }],
  });
  const entries = [
    report,
    ...(patient ? [patient] : []),
    ...seen,
    ...said,
    imaging,
    device,
    provenance,
  ];
  return {
    resourceType: 'Bundle',
    id: crypto.randomUUID(),
    type: 'collection',
    timestamp: instant(now),
    entry: entries.map(({ fullUrl, resource }) => ({ fullUrl, resource })),
  };
}

function entry(resource: Resource): Entry {
  const id = crypto.randomUUID();
  const { resourceType, ...rest } = resource;
  return { fullUrl: `urn:uuid:${id}`, resource: { resourceType, id, ...rest } };
}

const refer = ({ fullUrl }: Entry): { readonly reference: string } => ({ reference: fullUrl });

/** In UTC, to the second. */
const instant = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

function concept({ CodeValue, CodingSchemeDesignator, CodeMeaning }: Code): Json {
  const system = SYSTEMS[CodingSchemeDesignator] ?? OWN;
  return { coding: [{ system, code: CodeValue, display: CodeMeaning }], text: CodeMeaning };
}

function ownConcept(code: string, display: string): Json {
  return { coding: [{ system: OWN, code, display }], text: display };
}

function agentOf(code: string, display: string, who: Json): Json {
  return {
    type: { coding: [{ system: `${TERMS}/provenance-participant-type`, code, display }] },
    who,
  };
}

/** Null: nobody named the patient, or it was not asked for. */
function patientOf({ label }: ReportedStudy, source: SourceIdentifiers | null): Entry | null {
  const name = source?.patientName.replaceAll(/[\^=]+/g, ' ').trim() || label?.name || '';
  const number = source?.patientId || label?.number || '';
  if (name === '' && number === '') return null;
  const gender = { M: 'male', F: 'female', O: 'other' }[source?.sex ?? ''];
  const born = /^(\d{4})(\d\d)(\d\d)$/.exec(source?.birthDate ?? '');
  return entry({
    resourceType: 'Patient',
    ...(number ? { identifier: [{ value: number }] } : {}),
    ...(name ? { name: [{ text: name }] } : {}),
    ...(gender ? { gender } : {}),
    ...(born && isDay(born.slice(1).join('-')) ? { birthDate: born.slice(1).join('-') } : {}),
  });
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function deviceOf({ model }: ReportedReading, appVersion: string): Resource {
  return {
    resourceType: 'Device',
    manufacturer: 'Fieldray',
    deviceName: [{ name: 'Fieldray', type: 'user-friendly-name' }],
    modelNumber: model.id,
    version: [
      { type: { text: 'app' }, value: appVersion },
      { type: { text: 'model' }, value: model.version },
    ],
    note: [
      { text: NOT_A_DIAGNOSIS },
      ...(model.adapted === null ? [] : [{ text: `Adapted at the site: ${model.adapted}` }]),
    ],
  };
}

function imagingOf({ study, picture, source }: FhirWishes, subject: Json): Resource {
  const uids = source && [source.studyUid, source.seriesUid, source.instanceUid, source.classUid];
  return {
    resourceType: 'ImagingStudy',
    ...(source && isUid(source.studyUid)
      ? { identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${source.studyUid}` }] }
      : {}),
    status: 'available',
    subject,
    ...(study.studyDate !== null && isDay(study.studyDate) ? { started: study.studyDate } : {}),
    numberOfSeries: 1,
    numberOfInstances: 1,
    description: `Chest radiograph${picture.view ? `, ${picture.view}` : ''}`,
    ...(source && uids?.every(isUid)
      ? {
          series: [
            {
              uid: source.seriesUid,
              modality: { system: SYSTEMS.DCM, code: source.modality || 'OT' },
              bodySite: { system: SYSTEMS.SCT, code: '51185008', display: 'Thoracic structure' },
              instance: [
                {
                  uid: source.instanceUid,
                  sopClass: { system: 'urn:ietf:rfc:3986', code: `urn:oid:${source.classUid}` },
                },
              ],
            },
          ],
        }
      : {}),
  };
}

/** What the network says, one observation each; of films and refused pictures without figures. */
function observationsOf(reading: ReportedReading): Record<string, Json | undefined>[] {
  const { labels, probabilities, refused, top, photographed } = reading;
  const notes = reading.findings.map(({ code, severity }) => ({ text: `${severity}: ${code}` }));
  if (photographed) notes.push({ text: 'caution: photograph-of-film' });
  if (reading.unreliable) notes.unshift({ text: 'Do not rely on this answer.' });
  const note = notes.length > 0 ? { note: notes } : {};
  const answer = ownConcept('MOST_LIKE', 'Looks most like');
  if (refused !== null || top === null) {
    const reason = {
      coding: [{ system: `${TERMS}/data-absent-reason`, code: 'unsupported' }],
      text: refused ?? '',
    };
    return [{ code: answer, dataAbsentReason: reason, ...note }];
  }
  const figures = photographed
    ? []
    : labels.map((label, at) => ({
        code: concept({
          ...classCode(label),
          CodeValue: `P_${label.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`,
          CodingSchemeDesignator: '99FIELDRAY',
          CodeMeaning: `Probability of ${classMeaning(label)}`,
        }),
        valueQuantity: {
          value: Math.round((probabilities[at] ?? 0) * 1e6) / 1e6,
          unit: '1',
          system: 'http://unitsofmeasure.org',
          code: '1',
        },
      }));
  const decision = reading.decision && {
    code: ownConcept('DECISION', 'Decision by the limits of the site'),
    valueCodeableConcept: ownConcept(reading.decision.toUpperCase(), reading.decision),
  };
  return [
    { code: answer, valueCodeableConcept: concept(classCode(top)), ...note },
    ...(decision ? [decision] : []),
    ...figures,
  ];
}

/** In English, as the codes: the language of the screen is the printed page's. */
function conclusionOf(reading: ReportedReading): string {
  if (reading.refused !== null || reading.top === null) {
    return `Not read: ${reading.refused ?? 'no answer'}. ${NOT_A_DIAGNOSIS}`;
  }
  const answer = `Looks most like ${classMeaning(reading.top)}.`;
  const rely = reading.unreliable ? 'Do not rely on this answer. ' : '';
  return `${rely}${answer} ${NOT_A_DIAGNOSIS}`;
}
