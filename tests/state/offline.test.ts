import { describe, expect, it, vi } from 'vitest';
import { Observable } from '../../src/base/observable.ts';
import type { KeptAnswer, OfflineGap, UpdateState } from '../../src/platform/index.ts';
import type { ModelState } from '../../src/state/model-setup.ts';
import { OfflinePromise, type OfflineParts, type OfflineState } from '../../src/state/offline.ts';
import { offlineWords } from '../../src/words/offline-words.ts';

const KEPT: UpdateState = {
  phase: 'current',
  offlineReady: true,
  offeredVersion: null,
  checkedAt: 1,
  fault: null,
  keepFailure: null,
};
const ALL_RIGHT: KeptAnswer = { files: 40, missing: [] };

function ready(damaged: readonly string[] = []): ModelState {
  return { phase: 'ready', model: {} as never, renewal: null, damaged };
}

interface World {
  updates: Observable<UpdateState>;
  setup: Observable<ModelState>;
  checkKept: ReturnType<typeof vi.fn<OfflineParts['updates']['checkKept']>>;
  check: ReturnType<typeof vi.fn<OfflineParts['updates']['check']>>;
  offline: OfflinePromise;
  seen: OfflineState[];
}

function world(shell: Partial<UpdateState> = {}, model: ModelState = ready()): World {
  const updates = new Observable<UpdateState>({ ...KEPT, ...shell });
  const setup = new Observable<ModelState>(model);
  const checkKept = vi.fn<OfflineParts['updates']['checkKept']>(async () => ALL_RIGHT);
  const check = vi.fn<OfflineParts['updates']['check']>(async () => 'current');
  const offline = new OfflinePromise({
    updates: {
      get state() {
        return updates.value;
      },
      onState: (listener) => updates.listen(listener),
      checkKept,
      check,
    },
    setup: {
      get state() {
        return setup.value;
      },
      subscribe: (listener) => setup.listen(listener),
    },
  });
  return { updates, setup, checkKept, check, offline, seen: [] };
}

function watch(at: World): () => void {
  return at.offline.watch((state) => at.seen.push(state));
}

const phases = ({ seen }: World): string[] => seen.map(({ phase }) => phase);

describe('OfflinePromise', () => {
  it('promises nothing before every kept file was compared', async () => {
    const at = world();
    watch(at);
    expect(at.offline.state.value).toEqual({ phase: 'checking' });
    await vi.waitFor(() => expect(at.offline.state.value).toEqual({ phase: 'ready' }));
    expect(at.checkKept).toHaveBeenCalledTimes(1);
    expect(phases(at)).not.toContain('missing');
  });

  it('asks for nothing while nobody looks, and follows no more after the last look', async () => {
    const at = world();
    at.updates.set(KEPT);
    expect(at.checkKept).not.toHaveBeenCalled();
    const end = watch(at);
    await vi.waitFor(() => expect(at.offline.state.value.phase).toBe('ready'));
    end();
    const before = at.seen.length;
    at.setup.set(ready(['weights.bin']));
    expect(at.seen).toHaveLength(before);
    watch(at);
    expect(at.offline.state.value).toMatchObject({ phase: 'missing', gap: { kind: 'model' } });
  });

  it('waits for the service worker and for the model, then looks by itself', async () => {
    const at = world({ phase: 'keeping', offlineReady: false }, { phase: 'absent' });
    watch(at);
    expect(at.offline.state.value).toEqual({ phase: 'keeping' });
    at.updates.set(KEPT);
    expect(at.offline.state.value).toEqual({ phase: 'no-model' });
    expect(at.checkKept).not.toHaveBeenCalled();
    at.setup.set(ready());
    await vi.waitFor(() => expect(at.offline.state.value).toEqual({ phase: 'ready' }));
  });

  const failure = { reason: 'changed', file: 'assets/a.js' } as const;
  it.each<[string, Partial<UpdateState>, OfflineGap]>([
    ['no service workers', { phase: 'unsupported', offlineReady: false }, { kind: 'unsupported' }],
    [
      'a file that is not what was built',
      { phase: 'failed', offlineReady: false, keepFailure: failure },
      { kind: 'not-kept', failure },
    ],
    [
      'a failure without a reason',
      { phase: 'failed', offlineReady: false },
      { kind: 'not-kept', failure: null },
    ],
  ])('names what is missing: %s', (_, shell, gap) => {
    const at = world(shell);
    watch(at);
    expect(at.offline.state.value).toEqual({ phase: 'missing', gap });
    expect(at.checkKept).not.toHaveBeenCalled();
  });

  it.each<[string, KeptAnswer | 'not-controlled' | 'no-answer', OfflineGap]>([
    ['a page loaded past the service worker', 'not-controlled', { kind: 'not-controlled' }],
    ['a service worker that does not answer', 'no-answer', { kind: 'not-checked' }],
    ['a stored file', { files: 40, missing: [failure] }, { kind: 'shell', missing: [failure] }],
  ])('names what the check found: %s, and tries again', async (_, answer, gap) => {
    const at = world();
    at.checkKept.mockResolvedValueOnce(answer);
    watch(at);
    await vi.waitFor(() => expect(at.offline.state.value).toEqual({ phase: 'missing', gap }));
    expect(phases(at)).not.toContain('ready');
    await at.offline.retry();
    await vi.waitFor(() => expect(at.offline.state.value).toEqual({ phase: 'ready' }));
  });

  it('names the model’s damaged files, and promises again once they are repaired', async () => {
    const at = world({}, ready(['weights-1of2.bin']));
    watch(at);
    expect(at.offline.state.value).toEqual({
      phase: 'missing',
      gap: { kind: 'model', files: ['weights-1of2.bin'] },
    });
    at.setup.set(ready());
    await vi.waitFor(() => expect(at.offline.state.value.phase).toBe('ready'));
  });

  it('has the app kept once more where that failed', async () => {
    const at = world({ phase: 'failed', offlineReady: false });
    watch(at);
    at.check.mockImplementationOnce(async () => {
      at.updates.set(KEPT);
      return 'current';
    });
    await at.offline.retry();
    await vi.waitFor(() => expect(at.offline.state.value.phase).toBe('ready'));
  });
});

describe('offlineWords', () => {
  const reasons = ['changed', 'refused', 'unreachable', 'no-room'] as const;
  const gaps: OfflineGap[] = [
    { kind: 'unsupported' },
    { kind: 'not-controlled' },
    { kind: 'not-checked' },
    { kind: 'model', files: ['weights-1of2.bin'] },
    { kind: 'not-kept', failure: null },
    ...reasons.map((reason): OfflineGap => ({
      kind: 'not-kept',
      failure: { reason, file: 'a.js' },
    })),
  ];

  it('says something else, and what to do, for each', () => {
    const texts = gaps.map((gap) => offlineWords(gap).text);
    expect(new Set(texts).size).toBe(gaps.length);
    for (const gap of gaps) {
      const { text, help } = offlineWords(gap);
      expect(text).toMatch(/[Rr]eload|[Tt]ry again|Repair|leave private browsing/);
      expect(help === null).toBe(gap.kind === 'unsupported');
    }
  });

  it('names the file, and how many more there are', () => {
    const missing = ['a.js', 'b.js', 'c.js'].map((file) => ({ reason: 'refused', file }) as const);
    expect(offlineWords({ kind: 'shell', missing }).text).toContain('a.js and 2 more');
  });
});
