/** What the page's main thread really computed, task by task: time it was kept waiting does not count. */
import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of processor time. */
  readonly tdur?: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

export interface MainTask {
  /** Milliseconds of processor time. */
  readonly ms: number;
  /** The parts of it that took longest, for the reader of a failure. */
  readonly parts: readonly string[];
}

/** The tasks of the page's main thread while `action` runs, longest first. */
export async function mainTasksDuring(
  page: Page,
  action: () => Promise<void>,
): Promise<MainTask[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'disabled-by-default-devtools.timeline',
        'devtools.timeline',
        '__metadata',
      ],
    },
  });
  await action();
  const events = await stop(session);
  await session.detach();
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const onMain = events.filter(({ pid, tid }) => mains.has(`${pid}/${tid}`));
  return onMain
    .filter(({ name }) => name === 'RunTask')
    .map((task) => ({
      ms: (task.tdur ?? task.dur ?? 0) / 1000,
      parts: onMain
        .filter(
          ({ name, ts, tdur, tid }) =>
            name !== 'RunTask' &&
            tid === task.tid &&
            (tdur ?? 0) > 5000 &&
            ts >= task.ts &&
            ts < task.ts + (task.dur ?? 0),
        )
        .map(({ name, tdur }) => `${name} ${Math.round((tdur ?? 0) / 1000)}`),
    }))
    .sort((a, b) => b.ms - a.ms);
}

/**
 * The longest task in the best of up to three tries: a busy machine makes one of them slow, slow code
 * all of them.
 * @param limit milliseconds; the first try below it is enough
 */
export async function longestTaskOf(
  page: Page,
  limit: number,
  action: (attempt: number) => Promise<void>,
): Promise<MainTask> {
  const found: MainTask[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    const tasks = await mainTasksDuring(page, () => action(attempt));
    const [longest] = tasks;
    if (tasks.length <= 5) throw new Error('Hardly a task was seen: the measurement is broken.');
    found.push(longest);
    if (longest.ms < limit) break;
  }
  return found.reduce((best, each) => (each.ms < best.ms ? each : best));
}

function stop(session: CDPSession): Promise<TraceEvent[]> {
  return new Promise((resolve, reject) => {
    const events: TraceEvent[] = [];
    session.on('Tracing.dataCollected', ({ value }) => {
      events.push(...(value as unknown as TraceEvent[]));
    });
    session.on('Tracing.tracingComplete', () => resolve(events));
    session.send('Tracing.end').catch(reject);
  });
}
