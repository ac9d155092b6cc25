import { describe, expect, it } from 'vitest';
import type { BatchHandlers } from '../../src/inference/types.ts';
import { ReadingSession } from '../../src/session/index.ts';

describe('another picture of the same file', () => {
  it('is read anew, for this file alone, and told to the engine', async () => {
    const asked: number[] = [];
    const session = new ReadingSession({
      screening: async () => ({
        async screenMany(sources: readonly Blob[], handlers: BatchHandlers) {
          sources.forEach((_, index) => {
            asked.push(handlers.frame?.(index) ?? -1);
            handlers.onFailure(index, { code: 'x', message: 'No answer.', remedy: 'Look again.' });
          });
        },
      }),
      assure: () => {
        throw new Error('No picture is read here.');
      },
    });
    const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
    session.add([
      { name: 'one', source: new Blob(['a']) },
      { name: 'several', source: new Blob(['b']) },
    ]);
    await settled();
    const { id } = session.cases[1];
    session.chooseFrame(id, 2);
    await settled();
    expect(asked).toEqual([0, 0, 2]);
    expect(session.find(id)?.frame).toBe(2);
    // The one that is shown already, and what is none.
    session.chooseFrame(id, 2);
    session.chooseFrame(id, -1);
    session.chooseFrame(id, 0.5);
    await settled();
    expect(asked).toEqual([0, 0, 2]);
    session.chooseFrame(id, 0);
    await settled();
    expect(asked).toEqual([0, 0, 2, 0]);
  });
});
