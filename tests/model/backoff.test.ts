import { describe, expect, it } from 'vitest';
import { delayFor } from '../../src/model/backoff.ts';

const POLICY = { attempts: 7, firstDelayMs: 500, maxDelayMs: 30_000 };

describe('the wait before another try', () => {
  it('doubles up to its limit, with half of it left to chance', () => {
    for (let failures = 1; failures < 12; failures += 1) {
      const full = Math.min(30_000, 500 * 2 ** (failures - 1));
      const delays = Array.from({ length: 50 }, () => delayFor(failures, POLICY, null));
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(full / 2);
      expect(Math.max(...delays)).toBeLessThanOrEqual(full);
      expect(new Set(delays).size).toBeGreaterThan(10);
    }
  });

  it('grants what the server asks for, but not for ever', () => {
    expect(delayFor(1, POLICY, 20)).toBe(20_000);
    expect(delayFor(1, POLICY, 86_400)).toBe(60_000);
    expect(delayFor(7, POLICY, 1)).toBeGreaterThanOrEqual(15_000);
  });
});
