import { describe, expect, it } from 'vitest';
import type { BatchHandlers } from '../../src/inference/types.ts';
import { canReadAnyway, ReadingSession } from '../../src/session/index.ts';

/** Refuses what its header speaks against, unless it is told to read it anyway. */
function sessionThatRefuses(code: string) {
  const asked: boolean[] = [];
  const session = new ReadingSession({
    screening: async () => ({
      async screenMany(sources: readonly Blob[], handlers: BatchHandlers) {
        sources.forEach((_, index) => {
          asked.push(handlers.readAnyway?.(index) ?? false);
          handlers.onFailure(index, { code, message: 'Not a chest.', remedy: 'Look again.' });
        });
      },
    }),
    assure: () => {
      throw new Error('No picture is read here.');
    },
  });
  return { session, asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('reading anyway', () => {
  it('tells the engine so, for this picture alone', async () => {
    const { session, asked } = sessionThatRefuses('dicom-body-part');
    session.add([
      { name: 'knee', source: new Blob(['a']) },
      { name: 'hip', source: new Blob(['b']) },
    ]);
    await settled();
    expect(session.cases.every(canReadAnyway)).toBe(true);
    session.readAnyway(session.cases[1].id);
    await settled();
    expect(asked).toEqual([false, false, true]);
    expect(session.cases.map(({ readAnyway }) => readAnyway ?? false)).toEqual([false, true]);
  });

  it('leaves refusals alone that rest on more than the header', async () => {
    const { session, asked } = sessionThatRefuses('damaged-picture');
    session.add([{ name: 'broken', source: new Blob(['a']) }]);
    await settled();
    const [entry] = session.cases;
    expect(canReadAnyway(entry)).toBe(false);
    session.readAnyway(entry.id);
    await settled();
    expect(asked).toEqual([false]);
  });
});
