/** The other tab: a page of its own that installs when told to. */
import { Fault } from '../../../src/base/fault.ts';
import { PauseRequested, openModelStore } from '../../../src/model/index.ts';
import type { TabOrder, TabReport } from './tab-types.ts';

let pause = new AbortController();

function tell(report: TabReport): void {
  parent.postMessage(report, location.origin);
}

async function install({ name, base }: TabOrder): Promise<void> {
  pause = new AbortController();
  const store = await openModelStore({ name, chunkBytes: 16 * 1024 });
  try {
    await store.install(new URL(base), {
      signal: pause.signal,
      onProgress: ({ bytesDone, phase }) => tell({ report: 'progress', bytesDone, phase }),
      selfTest: () => Promise.resolve(),
    });
    tell({ report: 'done' });
  } catch (error) {
    tell({ report: 'failed', code: error instanceof Fault ? error.code : String(error) });
  } finally {
    store.close();
  }
}

addEventListener('message', (event: MessageEvent<TabOrder>) => {
  if (event.origin !== location.origin) return;
  if (event.data.order === 'install') void install(event.data);
  else if (event.data.order === 'pause') pause.abort(new PauseRequested());
});
tell({ report: 'ready' });
