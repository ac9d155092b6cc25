/**
 * What the built app cannot be brought to: no service workers at all, a script that is not there.
 * The real life of an update is tested in tests/e2e/updates.e2e.test.ts.
 */
import { describe, expect, it } from 'vitest';
import { UpdateController, type UpdateSurroundings } from '../../src/platform/updates.ts';

function surroundings(change: Partial<UpdateSurroundings>): {
  at: UpdateSurroundings;
  reloads: () => number;
} {
  let reloads = 0;
  const at: UpdateSurroundings = {
    script: new URL('nowhere/service-worker.js', location.href).href,
    container: navigator.serviceWorker,
    locks: navigator.locks,
    document,
    window,
    reload: () => (reloads += 1),
    ...change,
  };
  return { at, reloads: () => reloads };
}

describe('UpdateController', () => {
  it('says that it is unsupported where there are no service workers', async () => {
    const updates = new UpdateController(surroundings({ container: null }).at);
    const phases: string[] = [];
    updates.onState(({ phase }) => phases.push(phase));
    await updates.start();
    expect(updates.state.phase).toBe('unsupported');
    expect(phases).toEqual(['unsupported']);
    expect(await updates.check()).toBe('unreachable');
  });

  it('does not reject when the script is missing: the failure is a state with words', async () => {
    const updates = new UpdateController(surroundings({}).at);
    await updates.start();
    expect(updates.state.phase).toBe('failed');
    expect(updates.state.offlineReady).toBe(false);
    expect(updates.state.fault?.code).toBe('shell-not-kept');
    expect(updates.state.fault?.remedy).toContain('reload');
  });

  it('does not apply what is not there', async () => {
    const { at, reloads } = surroundings({ container: null });
    const updates = new UpdateController(at);
    await updates.start();
    await expect(updates.apply()).rejects.toMatchObject({ code: 'no-update-waiting' });
    expect(reloads()).toBe(0);
  });

  it('is busy from a hold to its end', () => {
    const updates = new UpdateController(surroundings({}).at);
    const end = updates.hold();
    expect(updates.busy).toBe(true);
    end();
    expect(updates.busy).toBe(false);
  });
});
