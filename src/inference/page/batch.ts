/**
 * Hands pictures to lanes as these become free: two to a lane, so that one is decoded while the
 * network runs on the other, and never more, so that only a few are in memory.
 */
import type { Lane } from './lane.ts';

export const PICTURES_PER_LANE = 2;

export interface BatchPlan {
  /** May grow until the last picture is read. */
  total(): number;
  readonly signal: AbortSignal | undefined;
  /** Lanes that can take a picture now; may change from call to call. */
  lanes(): readonly Lane[];
  /** Resolves when `lanes()` may have changed. */
  changed(): Promise<void>;
  /**
   * Reads picture `index` in `lane` (null: wherever there is one) and tells its handlers; rejects
   * only for a fault of the handlers or after `signal`.
   */
  read(index: number, lane: Lane | null, signal: AbortSignal): Promise<void>;
}

/** @throws the signal's reason, or what a handler threw */
export async function runBatch(plan: BatchPlan): Promise<void> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(plan.signal?.reason);
  if (plan.signal?.aborted) onAbort();
  plan.signal?.addEventListener('abort', onAbort, { once: true });
  const active = new Set<Promise<void>>();
  /** A picture given to a lane counts from then on, although its bytes may still be on their way. */
  const given = new Map<Lane, number>();
  const count = (lane: Lane | null, change: 1 | -1): void => {
    if (lane) given.set(lane, (given.get(lane) ?? 0) + change);
  };
  let failure: { readonly reason: unknown } | null = null;
  const wake = new Wake();
  let next = 0;
  try {
    while (next < plan.total() || active.size > 0) {
      stop.signal.throwIfAborted();
      const lane = next < plan.total() ? freest(plan.lanes(), given) : null;
      // With no lane and nothing under way the main one is being replaced: reading waits for it.
      if (next < plan.total() && (lane || active.size === 0)) {
        count(lane, 1);
        const task: Promise<void> = plan
          .read(next++, lane, stop.signal)
          .catch((reason: unknown) => {
            failure ??= { reason };
          })
          .finally(() => {
            count(lane, -1);
            active.delete(task);
            wake.call();
          });
        active.add(task);
      } else {
        await wake.next(plan.changed());
      }
      if (failure) throw (failure as { readonly reason: unknown }).reason;
    }
  } catch (error) {
    stop.abort(error);
    await Promise.all(active);
    throw error;
  } finally {
    plan.signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Waits for a call or for another promise. `Promise.race` would leave a reaction on that promise at
 * every wait: one that lives as long as the batch would hold something of every picture.
 */
class Wake {
  #resolve = (): void => undefined;
  #watched: Promise<void> | null = null;

  call(): void {
    this.#resolve();
  }

  next(change: Promise<void>): Promise<void> {
    if (change !== this.#watched) {
      this.#watched = change;
      void change.then(() => this.call());
    }
    return new Promise((resolve) => (this.#resolve = resolve));
  }
}

function freest(lanes: readonly Lane[], given: ReadonlyMap<Lane, number>): Lane | null {
  let best: Lane | null = null;
  let least = PICTURES_PER_LANE;
  for (const lane of lanes) {
    const busy = Math.max(lane.inFlight, given.get(lane) ?? 0);
    if (lane.broken || busy >= least) continue;
    best = lane;
    least = busy;
  }
  return best;
}
