import type { KeepFailure } from '../service-worker/contract.ts';

/** The part that is missing for the app to open and read without a network. */
export type OfflineGap =
  /** This browser, window or address has no service workers. */
  | { readonly kind: 'unsupported' }
  /** The app's files could not be stored; null: the browser did not say why. */
  | { readonly kind: 'not-kept'; readonly failure: KeepFailure | null }
  /** The files are stored, but this window was loaded past them. */
  | { readonly kind: 'not-controlled' }
  /** The service worker could not be asked. */
  | { readonly kind: 'not-checked' }
  /** Stored files are gone or changed, and could not be fetched anew. */
  | { readonly kind: 'shell'; readonly missing: readonly KeepFailure[] }
  /** Files of the model are gone or changed. */
  | { readonly kind: 'model'; readonly files: readonly string[] };
