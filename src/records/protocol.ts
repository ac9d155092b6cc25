/** What the page and the records worker say to each other: the desk's methods, by name. */
import type { Answer } from '../base/worker/answer.ts';
import type { RecordsDesk } from './desk.ts';

export type DeskMethod = Exclude<keyof RecordsDesk, 'dispose'>;
export type DeskArguments<M extends DeskMethod> = Parameters<RecordsDesk[M]>;
export type DeskResult<M extends DeskMethod> = Awaited<ReturnType<RecordsDesk[M]>>;

export interface RecordsApi {
  /** Calls one method; `KeptStudies.call` gives it its types. */
  call(method: DeskMethod, args: readonly unknown[]): Promise<Answer<unknown>>;
}
