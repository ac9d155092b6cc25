/**
 * The result as a Comprehensive 3D SR by TID 1500 (PS3.16), as the profile IHE AI Results asks: which
 * algorithm, which picture, the probabilities as measurements, the class it looks most like as a
 * qualitative evaluation, and whether a reader agreed (verified) or not.
 */
import type { ReadersWord } from '../../records/types.ts';
import { classCode, classMeaning, code, dcm, NO_UNITS, own, OWN_SCHEME, sct } from './codes.ts';
import {
  equipment,
  instance,
  patientAndStudy,
  typedName,
  type DicomContext,
  type ImageReference,
} from './context.ts';
import { coded, container, image, numeric, person, text, uid } from './items.ts';
import { dateAndTime, newUid, plain, type Dataset } from './write.ts';

const COMPREHENSIVE_3D_SR = '1.2.840.10008.5.1.4.1.1.88.34';
/** Stands for the program as an observer. */
const DEVICE_UID = '2.25.178932046119387264551023308912764450127';

export function structuredReport(context: DicomContext, picture: ImageReference): Dataset {
  const { study } = context;
  const agreed = study.words.findLast(({ verdict }) => verdict === 'agree');
  return {
    ...patientAndStudy(context),
    ...equipment(context),
    ...instance(context, {
      classUid: COMPREHENSIVE_3D_SR,
      modality: 'SR',
      series: 9001,
      description: 'Fieldray result',
    }),
    CodingSchemeIdentificationSequence: [OWN_SCHEME],
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    CompletionFlag: 'COMPLETE',
    // Another word than "agree" attests nothing of what the network said.
    VerificationFlag: agreed ? 'VERIFIED' : 'UNVERIFIED',
    PreliminaryFlag: agreed ? 'FINAL' : 'PRELIMINARY',
    ...(agreed ? { VerifyingObserverSequence: [verifying(agreed, study.site)] } : {}),
    CurrentRequestedProcedureEvidenceSequence: [
      {
        StudyInstanceUID: context.studyUid,
        ReferencedSeriesSequence: [
          {
            SeriesInstanceUID: picture.seriesUid,
            ReferencedSOPSequence: [
              {
                ReferencedSOPClassUID: picture.classUid,
                ReferencedSOPInstanceUID: picture.instanceUid,
              },
            ],
          },
        ],
      },
    ],
    ValueType: 'CONTAINER',
    ConceptNameCodeSequence: [dcm('126000', 'Imaging Measurement Report')],
    ContinuityOfContent: 'SEPARATE',
    ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: '1500' }],
    ContentSequence: contentOf(context, picture),
  };
}

function verifying(word: ReadersWord, site: string): Dataset {
  const { date, time } = dateAndTime(word.at);
  return {
    VerifyingObserverName: typedName(word.by.initials) || 'Unknown',
    VerifyingOrganization: plain(site, 64) || 'Unknown',
    VerificationDateTime: `${date}${time}`,
    VerifyingObserverIdentificationCodeSequence: [],
  };
}

function contentOf(context: DicomContext, picture: ImageReference): Dataset[] {
  const { study, reading } = context;
  return [
    coded(
      'HAS CONCEPT MOD',
      dcm('121049', 'Language of Content Item and Descendants'),
      code('en', 'RFC5646', 'English'),
    ),
    coded('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121007', 'Device')),
    uid('HAS OBS CONTEXT', dcm('121012', 'Device Observer UID'), DEVICE_UID),
    text('HAS OBS CONTEXT', dcm('121013', 'Device Observer Name'), 'Fieldray'),
    text('HAS OBS CONTEXT', dcm('121014', 'Device Observer Manufacturer'), 'Fieldray'),
    text(
      'HAS OBS CONTEXT',
      dcm('121015', 'Device Observer Model Name'),
      `${reading.model.id} ${reading.model.version}, Fieldray ${context.appVersion}`,
    ),
    coded(
      'HAS CONCEPT MOD',
      dcm('121058', 'Procedure reported'),
      sct('399208008', 'Plain chest X-ray'),
    ),
    container('CONTAINS', dcm('111028', 'Image Library'), [
      container('CONTAINS', dcm('126200', 'Image Library Group'), [
        image('CONTAINS', null, picture),
      ]),
    ]),
    container('CONTAINS', dcm('126010', 'Imaging Measurements'), [
      container('CONTAINS', dcm('125007', 'Measurement Group'), groupOf(context, picture), '1501'),
    ]),
    ...(study.words.length > 0 || study.diagnoses.length > 0
      ? [
          container(
            'CONTAINS',
            code('C0034375', 'UMLS', 'Qualitative Evaluations'),
            saidBy(context),
          ),
        ]
      : []),
  ];
}

/** TID 1501: what the network says of this picture. */
function groupOf({ reading }: DicomContext, picture: ImageReference): Dataset[] {
  const { model } = reading;
  const algorithm = model.adapted === null ? model.id : `${model.id}, adapted: ${model.adapted}`;
  // Of a refused picture and of a photographed film the figures mean nothing anyone measured.
  const figures = reading.refused === null && !reading.photographed;
  const evaluations: (readonly [Dataset, Dataset])[] = [];
  const add = (name: string, meaning: string, value: Dataset): void =>
    void evaluations.push([own(name, meaning), value]);
  if (reading.refused !== null) {
    add('REFUSED', 'Not read', own(reading.refused, reading.refused));
  }
  if (reading.top !== null) add('MOST_LIKE', 'Looks most like', classCode(reading.top));
  if (reading.certainty !== null && !reading.photographed) {
    add('CERTAINTY', 'How sure', own(reading.certainty, reading.certainty));
  }
  if (reading.unreliable) {
    add('RELIABILITY', 'Reliability', own('DO_NOT_RELY', 'Do not rely on it'));
  }
  if (reading.decision !== null)
    add('DECISION', 'Decision', own(reading.decision, reading.decision));
  for (const { code: finding } of reading.findings) {
    add('CAUTION', 'Speaks against the answer', own(finding, finding));
  }
  if (reading.photographed) {
    add('CAUTION', 'Speaks against the answer', own('PHOTO_OF_FILM', 'photograph-of-film'));
  }
  return [
    text('HAS OBS CONTEXT', dcm('112039', 'Tracking Identifier'), 'Fieldray 1'),
    uid('HAS OBS CONTEXT', dcm('112040', 'Tracking Unique Identifier'), newUid()),
    text('HAS CONCEPT MOD', dcm('111001', 'Algorithm Name'), algorithm),
    text('HAS CONCEPT MOD', dcm('111003', 'Algorithm Version'), model.version),
    coded('HAS CONCEPT MOD', sct('363698007', 'Finding Site'), sct('39607008', 'Lung')),
    ...(figures
      ? reading.labels.map((label, at) =>
          numeric(
            own(`P_${label}`, `Probability of ${classMeaning(label)}`),
            reading.probabilities[at] ?? 0,
            NO_UNITS,
            [image('INFERRED FROM', dcm('121112', 'Source of Measurement'), picture)],
          ),
        )
      : []),
    ...evaluations.map(([name, value]) => coded('CONTAINS', name, value)),
    text(
      'CONTAINS',
      dcm('121106', 'Comment'),
      'Decision support for research, teaching and supervised pilots. Not a diagnosis, not a medical device.',
    ),
  ];
}

/** What readers said, each with who said it. */
function saidBy({ study }: DicomContext): Dataset[] {
  const words = study.words.map((word) => {
    const observer = [
      coded('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
      person('HAS OBS CONTEXT', dcm('121008', 'Person Observer Name'), typedName(word.by.initials)),
    ];
    const value =
      word.label !== null && word.verdict !== 'other'
        ? classCode(word.label)
        : own(word.verdict, word.verdict === 'unreadable' ? 'Not readable' : 'Something else');
    const said = coded('CONTAINS', own('READER', 'Word of the reader'), value, observer);
    const note = word.text ? [text('CONTAINS', dcm('121106', 'Comment'), word.text, observer)] : [];
    return [said, ...note];
  });
  const diagnoses = study.diagnoses.map(({ label, method, text: note }) =>
    label === null
      ? text(
          'CONTAINS',
          own('DIAGNOSIS', 'Final diagnosis'),
          `${note || 'none of the classes'} (${method})`,
        )
      : coded('CONTAINS', own('DIAGNOSIS', 'Final diagnosis'), classCode(label)),
  );
  return [...words.flat(), ...diagnoses];
}
