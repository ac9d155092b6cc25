import { describe, expect, it } from 'vitest';
import { CaseLock } from '../../src/platform/case-lock.ts';

/** Two locks on one name are two tabs to the browser's lock manager. */
function tabs(): [CaseLock, CaseLock] {
  const scope = `https://example.test/${crypto.randomUUID()}/`;
  return [new CaseLock(scope, navigator.locks), new CaseLock(scope, navigator.locks)];
}

const held = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('CaseLock', () => {
  it('runs a task alone when no tab is at work', async () => {
    const [one] = tabs();
    expect(await one.alone(async () => 'done')).toBe('done');
  });

  it("refuses while this tab is at work, and while another one is; not after the work's end", async () => {
    const [one, other] = tabs();
    const end = one.hold();
    await held();
    let ran = false;
    const task = async (): Promise<boolean> => (ran = true);
    expect(await one.alone(task)).toBeNull();
    expect(await other.alone(task)).toBeNull();
    expect(ran).toBe(false);
    end();
    // At once, without waiting for the browser to take the lock back.
    expect(await one.alone(task)).toBe(true);
    expect(await other.alone(task)).toBe(true);
  });

  it('counts holds, and an end said twice ends one of them', async () => {
    const [one, other] = tabs();
    const first = one.hold();
    const second = one.hold();
    first();
    first();
    await held();
    expect(one.busyHere).toBe(true);
    expect(await other.alone(async () => 1)).toBeNull();
    second();
    expect(one.busyHere).toBe(false);
  });

  it('lets two tabs be at work side by side', async () => {
    const [one, other] = tabs();
    const ends = [one.hold(), other.hold()];
    await held();
    ends[0]?.();
    await held();
    expect(await one.alone(async () => 1)).toBeNull();
    ends[1]?.();
    await held();
    expect(await one.alone(async () => 1)).toBe(1);
  });

  it('calls back when idle: at once, or when the last work ends', () => {
    const [one] = tabs();
    const heard: string[] = [];
    one.whenIdle(() => heard.push('at once'));
    const ends = [one.hold(), one.hold()];
    one.whenIdle(() => heard.push('later'));
    ends[0]?.();
    expect(heard).toEqual(['at once']);
    ends[1]?.();
    expect(heard).toEqual(['at once', 'later']);
  });

  it('knows its own tab at least where there are no Web Locks', async () => {
    const lock = new CaseLock('x', null);
    const end = lock.hold();
    expect(await lock.alone(async () => 1)).toBeNull();
    end();
    expect(await lock.alone(async () => 1)).toBe(1);
  });
});
