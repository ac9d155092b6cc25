/** What can be asked of kept studies, as plain data. */
import type { KeptFile } from './store/study-store.ts';
import type { FinalDiagnosis, ReadersWord } from './study/schema.ts';

/** What a reader says, without what the desk knows itself. */
export type NewWord = Omit<ReadersWord, 'id' | 'at' | 'by' | 'amends'>;
export type NewDiagnosis = Omit<FinalDiagnosis, 'at' | 'by'>;

/** What becomes of the bytes of a study's pictures, by their ids. */
export interface PictureChange {
  readonly files: readonly KeptFile[];
  /** Pictures of which no bytes are kept any more. */
  readonly bare: readonly string[];
  /** Pictures that belong to this study no longer. */
  readonly gone: readonly string[];
}

/** What opens a backup: a passphrase of a reader of that time, or the recovery key as it is printed. */
export type RestoreSecret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'recovery'; readonly key: string };
