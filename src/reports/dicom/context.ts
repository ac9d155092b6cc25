/** Which patient and study the files go to, and what made them: the same in all files of one export. */
import type { SourceIdentifiers } from '../../radiograph/types.ts';
import type { ReportedReading, ReportedStudy } from '../types.ts';
import { dateAndTime, newUid, plain, type Dataset } from './write.ts';

export interface DicomContext {
  readonly study: ReportedStudy;
  readonly reading: ReportedReading;
  /** Of the file that was read; null: it was no DICOM, or who the patient is was not asked for. */
  readonly source: SourceIdentifiers | null;
  readonly now: number;
  readonly appVersion: string;
  readonly studyUid: string;
}

export interface ImageReference {
  readonly classUid: string;
  readonly instanceUid: string;
  readonly seriesUid: string;
  readonly rows: number;
  readonly columns: number;
  /** The frame that was read, from 1; null for a file of one picture. */
  readonly frame: number | null;
}

/** The picture that was read, where reports may name it; a file without its UIDs cannot be named. */
export function sourceReference(
  source: SourceIdentifiers | null,
  frame: number | null,
): ImageReference | null {
  if (!source) return null;
  const { classUid, instanceUid, seriesUid, rows, columns, frames } = source;
  const known = [classUid, instanceUid, seriesUid, source.studyUid].every(isUid);
  if (!known || rows < 1 || columns < 1) return null;
  const several = frames > 1 && MULTI_FRAME.test(classUid);
  return {
    classUid,
    instanceUid,
    seriesUid,
    rows,
    columns,
    frame: several ? (frame ?? 0) + 1 : null,
  };
}

/** Secondary captures, angiography and tomosynthesis of several frames: only of those one is named. */
const MULTI_FRAME = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(?:7\.[1-4]|12\.[12](?:\.1)?|13\.1\.[1-5])$/;

export function isUid(value: string): boolean {
  return value.length <= 64 && /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+$/.test(value);
}

/** Patient and study modules. The study is the source's where there is one, else one of our own. */
export function patientAndStudy({ study, source, now, studyUid }: DicomContext): Dataset {
  const today = dateAndTime(now);
  if (source) {
    return {
      PatientName: personName(source.patientName),
      PatientID: plain(source.patientId, 64),
      PatientBirthDate: /^\d{8}$/.test(source.birthDate) ? source.birthDate : '',
      PatientSex: /^[MFO]$/.test(source.sex) ? source.sex : '',
      StudyInstanceUID: studyUid,
      StudyDate: /^\d{8}$/.test(source.studyDate) ? source.studyDate : '',
      StudyTime: /^\d{2,6}(?:\.\d{1,6})?$/.test(source.studyTime) ? source.studyTime : '',
      StudyID: plain(source.studyId, 16),
      AccessionNumber: plain(source.accession, 16),
      ReferringPhysicianName: personName(source.referring),
    };
  }
  const named = study.label !== null && (study.label.name !== '' || study.label.number !== '');
  const number = study.label?.running ?? null;
  return {
    PatientName: named ? typedName(study.label.name || study.label.number) : 'Anonymous',
    PatientID: plain(named ? study.label.number : number === null ? '' : String(number), 64),
    PatientBirthDate: '',
    PatientSex: '',
    ...(named
      ? {}
      : {
          PatientIdentityRemoved: 'YES',
          DeidentificationMethod: 'Fieldray: identity was not asked for',
        }),
    StudyInstanceUID: studyUid,
    StudyDate: study.studyDate?.replaceAll('-', '') ?? today.date,
    StudyTime: '',
    StudyID: '',
    AccessionNumber: '',
    ReferringPhysicianName: '',
  };
}

/** Enhanced General Equipment. */
export function equipment({ reading, study, appVersion }: DicomContext): Dataset {
  return {
    Manufacturer: 'Fieldray',
    ManufacturerModelName: plain(reading.model.id, 64),
    DeviceSerialNumber: plain(`${reading.model.id} ${reading.model.version}`, 64),
    SoftwareVersions: plain(`${appVersion} / ${reading.model.version}`, 64),
    ...(study.site ? { InstitutionName: plain(study.site, 64) } : {}),
  };
}

/** SOP Common, and the series' own number; every file is a series of its own. */
export function instance(
  context: DicomContext,
  about: { classUid: string; modality: string; series: number; description: string },
): Dataset & { readonly SOPInstanceUID: string; readonly SeriesInstanceUID: string } {
  const { date, time } = dateAndTime(context.now);
  return {
    SOPClassUID: about.classUid,
    SOPInstanceUID: newUid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    TimezoneOffsetFromUTC: zoneOf(context.now),
    Modality: about.modality,
    SeriesInstanceUID: newUid(),
    SeriesNumber: about.series,
    SeriesDescription: about.description,
    SeriesDate: date,
    SeriesTime: time,
    InstanceNumber: 1,
    ContentDate: date,
    ContentTime: time,
  };
}

/** `+0300` */
function zoneOf(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`;
}

/** A DICOM person name from a file: its groups and components are kept, each at most 64 characters. */
function personName(value: string): string {
  return value
    .split('=')
    .slice(0, 3)
    .map((group) => plain(group, 64))
    .join('=')
    .replace(/=+$/, '');
}

/** "Diallo, Amina" has a family name first; anything else is one name. */
export function typedName(name: string): string {
  const said = name.replaceAll(/[\^=]+/g, ' ');
  const parts = /^([^,]+),\s*([^,]+)$/.exec(said);
  return plain(parts?.[1] && parts[2] ? `${parts[1].trim()}^${parts[2].trim()}` : said, 64);
}
