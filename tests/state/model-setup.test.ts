import { describe, expect, it } from 'vitest';
import { ServerUnreachable } from '../../src/model/errors.ts';
import type {
  InstallOptions,
  InstalledModel,
  Manifest,
  ModelStore,
} from '../../src/model/index.ts';
import { ModelSetup, type ModelState } from '../../src/state/model-setup.ts';
import { makeTestModel } from '../inference/support/test-model.ts';

const PRESENT = makeTestModel({ variants: [0] }).manifest;
const EARLIER: Manifest = { ...PRESENT, version: '1.0.0' };
const installed = (manifest: Manifest): InstalledModel<Manifest> => ({
  manifest,
  verifiedAt: 1,
  activatedAt: 1,
  outdated: manifest === EARLIER,
});

/** A tablet with a model of an earlier version of the app, far from a network or near one. */
function tablet(wishes: { online: boolean; adapted?: boolean }) {
  let inStore = EARLIER;
  let online = wishes.online;
  let installs = 0;
  const seen: ModelState[] = [];
  const store = {
    active: () => Promise.resolve(installed(inStore)),
    quickCheck: () => Promise.resolve({ ok: true, damaged: [], checkedAt: 1 }),
    install: (_: URL, options: InstallOptions<Manifest>) => {
      installs += 1;
      if (!online) return Promise.reject(new ServerUnreachable());
      options.onProgress?.({
        phase: 'downloading',
        bytesDone: 1,
        bytesTotal: 4,
        bytesPerSecond: 0,
        secondsLeft: null,
        file: null,
      });
      inStore = PRESENT;
      return Promise.resolve(installed(PRESENT));
    },
    onChanged: () => () => undefined,
  } as unknown as ModelStore<Manifest>;
  const setup = new ModelSetup({
    openStore: () => Promise.resolve(store),
    active: { refresh: () => Promise.resolve(installed(inStore)) },
    base: new URL('https://clinic.test/models/'),
    selfTest: () => Promise.resolve(),
    pauseReason: () => Promise.resolve(new DOMException('paused', 'AbortError')),
    requestPersistence: () => Promise.resolve(true),
    adapted: () => wishes.adapted ?? false,
  });
  setup.subscribe(() => seen.push(setup.state));
  return {
    setup,
    seen,
    installs: () => installs,
    connect: () => (online = true),
    renewal: () => (setup.state.phase === 'ready' ? setup.state.renewal : undefined),
    version: () => (setup.state.phase === 'ready' ? setup.state.model.manifest.version : null),
  };
}

describe('a model of an earlier version of the app', () => {
  it('is replaced by itself where there is a network, and reads until then', async () => {
    const { setup, seen, version, renewal } = tablet({ online: true });
    await setup.load();
    await expect.poll(version).toBe('2.0.0');
    expect(renewal()).toBeNull();
    // Reading is possible from the first moment to the last.
    expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['ready']));
    const told = seen.flatMap((state) => (state.phase === 'ready' ? [state.renewal] : []));
    expect(told).toContainEqual({
      state: 'working',
      progress: expect.objectContaining({ bytesDone: 1, bytesTotal: 4 }) as unknown,
    });
  });

  it('reads on without a network, and is replaced once there is one', async () => {
    const { setup, renewal, version, connect, seen } = tablet({ online: false });
    await setup.load();
    await expect
      .poll(renewal)
      .toMatchObject({ state: 'waiting', fault: { code: 'server-unreachable' } });
    expect(version()).toBe('1.0.0');
    connect();
    await setup.renew(false);
    expect([version(), renewal()]).toEqual(['2.0.0', null]);
    expect(seen.every(({ phase }) => phase === 'ready')).toBe(true);
  });

  it('stays until a person asks where a model adapted at the site is laid over it', async () => {
    const { setup, renewal, version, installs } = tablet({ online: true, adapted: true });
    await setup.load();
    await setup.renew(false);
    expect([renewal(), version(), installs()]).toEqual([{ state: 'asked-for' }, '1.0.0', 0]);
    await setup.renew(true);
    expect([renewal(), version(), installs()]).toEqual([null, '2.0.0', 1]);
  });

  it('is asked for once, however often the network comes and goes', async () => {
    const { setup, installs } = tablet({ online: true });
    await setup.load();
    await Promise.all([setup.renew(false), setup.renew(false)]);
    await setup.renew(false);
    expect(installs()).toBe(1);
  });
});
