import { describe, expect, it } from 'vitest';
import { doneAlone, inTurn } from '../../src/base/locks.ts';

const freshName = (): string => `test-${crypto.randomUUID()}`;

describe('work that must be done alone', () => {
  it('is not done while another tab does it', async () => {
    const name = freshName();
    let done = 0;
    const work = async (): Promise<void> => {
      done += 1;
    };
    await navigator.locks.request(name, async () => {
      expect(await doneAlone(name, work)).toBe(false);
    });
    expect(done).toBe(0);
    expect(await doneAlone(name, work)).toBe(true);
    expect(done).toBe(1);
    await expect(doneAlone(name, () => Promise.reject(new Error('its own')))).rejects.toThrow(
      'its own',
    );
  });

  it('waits for its turn, no longer than its signal says', async () => {
    const name = freshName();
    const order: string[] = [];
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const other = navigator.locks.request(name, async () => {
      await held;
      order.push('other');
    });
    const stop = new AbortController();
    const impatient = inTurn(name, stop.signal, async () => order.push('impatient'));
    const patient = inTurn(name, undefined, async () => order.push('patient'));
    stop.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    await expect(inTurn(name, stop.signal, async () => 0)).rejects.toThrow('enough');
    letGo();
    await Promise.all([other, patient]);
    expect(order).toEqual(['other', 'patient']);
  });
});
