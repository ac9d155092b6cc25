/** Holds the key of the kept studies, away from the page: nothing that runs there can ask for it. */
import { expose } from 'comlink';
import { answer } from '../base/worker/answer.ts';
import { RecordsDesk } from './desk.ts';
import { RecordsWorkerFailed } from './errors.ts';
import type { RecordsApi } from './protocol.ts';

const desk = new RecordsDesk();

const api: RecordsApi = {
  call(method, args) {
    return answer(
      () => (desk[method] as (...given: readonly unknown[]) => unknown).apply(desk, [...args]),
      (reason) => new RecordsWorkerFailed(reason),
    );
  },
};

expose(api);
