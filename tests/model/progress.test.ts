import { describe, expect, it } from 'vitest';
import { ProgressMeter } from '../../src/model/progress.ts';
import type { InstallProgress } from '../../src/model/types.ts';

function meter(total: number): {
  meter: ProgressMeter;
  seen: InstallProgress[];
  at: (milliseconds: number) => void;
} {
  let now = 0;
  const seen: InstallProgress[] = [];
  return {
    seen,
    meter: new ProgressMeter(
      total,
      (progress) => void seen.push(progress),
      () => now,
    ),
    at: (milliseconds) => void (now = milliseconds),
  };
}

describe('the progress of a download', () => {
  it('says rate and time left of the last seconds', () => {
    const { meter: progress, seen, at } = meter(100_000);
    progress.phase('downloading', 'a.bin');
    for (let second = 0; second <= 10; second += 1) {
      at(second * 1000);
      progress.bytes(second * 1000);
    }
    for (let second = 11; second <= 20; second += 1) {
      at(second * 1000);
      progress.bytes(10_000 + (second - 10) * 4000);
    }
    expect(seen.at(-1)).toMatchObject({
      phase: 'downloading',
      file: 'a.bin',
      bytesDone: 50_000,
      bytesTotal: 100_000,
      bytesPerSecond: 4000,
      secondsLeft: 12.5,
    });
  });

  it('does not count bytes that were there before as speed, and claims nothing too early', () => {
    const { meter: progress, seen, at } = meter(10_000);
    progress.bytes(8000);
    expect(seen.at(-1)).toMatchObject({ bytesPerSecond: 0, secondsLeft: null });
    at(1000);
    progress.bytes(8500);
    expect(seen.at(-1)).toMatchObject({ bytesPerSecond: 500, secondsLeft: 3 });
  });

  it('starts anew when a file does, and when it had to wait', () => {
    const { meter: progress, seen, at } = meter(10_000);
    progress.bytes(0);
    at(1000);
    progress.bytes(5000);
    progress.waiting(4);
    expect(seen.at(-1)).toMatchObject({ retryInSeconds: 4, secondsLeft: null });
    at(6000);
    progress.bytes(1000);
    at(7000);
    progress.bytes(2000);
    expect(seen.at(-1)).toMatchObject({ bytesPerSecond: 1000, retryInSeconds: null });
  });

  it('speaks at most every 100 ms, but at every change of phase', () => {
    const { meter: progress, seen, at } = meter(10_000);
    for (let time = 0; time < 1000; time += 1) {
      at(time);
      progress.bytes(time);
    }
    expect(seen.length).toBe(10);
    progress.phase('verifying', 'a.bin');
    progress.phase('done');
    expect(seen.slice(-2).map(({ phase }) => phase)).toEqual(['verifying', 'done']);
    expect(seen.at(-1)!.bytesDone).toBe(999);
  });
});
