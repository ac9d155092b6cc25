/** The contract of kept studies: what the page sees of them. Plain data. */
export type { AuditAction, AuditCheck, AuditEntry } from './audit/chain.ts';
export type { BackupReport } from './backup/backup.ts';
export type { NewDiagnosis, NewWord, PictureChange, RestoreSecret } from './changes.ts';
export type { KeptFile, RecordsStatus } from './store/study-store.ts';
export type { StudyEntry } from './store/entry.ts';
export type { Change } from './study/change.ts';
export type { StudyPage, StudyQuery } from './store/search.ts';
export type {
  FinalDiagnosis,
  KeptPicture,
  KeptReading,
  KeptStudy,
  PatientLabel,
  ReadersWord,
} from './study/schema.ts';
export type { ReaderChoice, RecordsSettings } from './vault/schema.ts';
export type { NewReader, Opening } from './vault/vault.ts';
export type { Passkeys, PasskeyAnswer, Secret } from './crypto/key-wrap.ts';
export type { Performance, Share, Truth } from './statistics/performance.ts';
export type { CardFigures, Drift } from './statistics/drift.ts';

import type { ReaderChoice, RecordsSettings } from './vault/schema.ts';

/** `off`: nothing is set up. Known without any passphrase. */
export type RecordsState =
  | { readonly phase: 'off' }
  | {
      readonly phase: 'locked' | 'unlocked';
      readonly readers: readonly ReaderChoice[];
      readonly settings: RecordsSettings;
      /** Who unlocked; null while locked, and for the recovery key. */
      readonly reader: string | null;
      /** Seconds until the next passphrase is taken. */
      readonly wait: number;
    };

/** Heard by every tab; without names or ids. */
export type RecordsNews = 'changed' | 'locked' | 'unlocked' | 'erased';

/** The channel that carries `RecordsNews`. */
export const NEWS_CHANNEL = 'fieldray-records';
