/** What the screens' tests share: the real services on a small network, and ways to act like a person. */
import '../../../src/screens/styles/tokens.css';
import axe from 'axe-core';
import { expect } from 'vitest';
import { createScreeningService } from '../../../src/inference/index.ts';
import type { Manifest, ModelBytes, ModelStore } from '../../../src/model/index.ts';
import { Observable } from '../../../src/base/observable.ts';
import { InstallController, UpdateController } from '../../../src/platform/index.ts';
import type { KeptAnswer, UpdateState } from '../../../src/platform/index.ts';
import { createServices } from '../../../src/state/services.ts';
import type { Services } from '../../../src/state/services.ts';
import { PictureViewing } from '../../../src/session/index.ts';
import { TestMemory } from '../../inference/support/bench.ts';
import { makeTestModel } from '../../inference/support/test-model.ts';

export interface TestServices extends Services {
  readonly model: ModelBytes<Manifest>;
  /** Where the settings are kept. */
  readonly memory: TestMemory;
  dispose(): void;
}

export interface ServiceWishes {
  readonly manifest?: Manifest;
  /** What the store does; it stands for IndexedDB, which has its own tests. */
  readonly store?: Partial<ModelStore<Manifest>>;
  /** Stands for the service worker, which the tests' page has none of. */
  readonly shell?: FakeShell;
}

/** The part of the update controller that says whether the app itself is kept. */
export class FakeShell {
  readonly #state: Observable<UpdateState>;
  answer: KeptAnswer | 'not-controlled' | 'no-answer' = { files: 40, missing: [] };

  constructor(state: Partial<UpdateState> = {}) {
    this.#state = new Observable<UpdateState>({
      phase: 'current',
      offlineReady: true,
      offeredVersion: null,
      checkedAt: 1,
      fault: null,
      keepFailure: null,
      ...state,
    });
  }

  get state(): UpdateState {
    return this.#state.value;
  }

  set(change: Partial<UpdateState>): void {
    this.#state.set({ ...this.#state.value, ...change });
  }

  onState(listener: (state: UpdateState) => void): () => void {
    return this.#state.listen(listener);
  }

  async checkKept(): Promise<KeptAnswer | 'not-controlled' | 'no-answer'> {
    return this.answer;
  }

  async check(): Promise<'current'> {
    return 'current';
  }

  hold(): () => void {
    return () => undefined;
  }
}

/** The real engine, decoder, viewing worker and session; only the store's contents are given. */
export async function makeServices(wishes: ServiceWishes = {}): Promise<TestServices> {
  const model = makeTestModel();
  const manifest = wishes.manifest ?? model.manifest;
  const active = { manifest, verifiedAt: Date.now(), activatedAt: Date.now(), outdated: false };
  const good = { ok: true, damaged: [], checkedAt: Date.now() };
  const store: ModelStore<Manifest> = {
    active: async () => active,
    available: async () => manifest,
    install: async () => active,
    read: async () => model,
    quickCheck: async () => good,
    verify: async () => good,
    repair: async () => good,
    remove: async () => undefined,
    usage: async () => ({ modelBytes: 4_500_000, partialBytes: 0 }),
    onChanged: () => () => undefined,
    close: () => undefined,
    ...wishes.store,
  };
  const viewing = new PictureViewing();
  const memory = new TestMemory();
  const platform = {
    updates:
      (wishes.shell as unknown as UpdateController | undefined) ??
      new UpdateController({
        script: new URL('service-worker.js', document.baseURI).href,
        container: null,
        locks: null,
        document,
        window,
        reload: () => undefined,
      }),
    install: new InstallController({
      userAgent: '',
      maxTouchPoints: 0,
      standalone: false,
      events: new EventTarget(),
    }),
  };
  const services = createServices({
    platform,
    viewing,
    memory,
    appVersion: 'test',
    modelsBase: new URL('models/', document.baseURI),
    openStore: async () => store,
    engines: async () => (options) =>
      createScreeningService({
        ...options,
        source: { kind: 'bytes', model, site: options.source?.site ?? null },
        memory: new TestMemory(),
        poolSize: 1,
      }),
    selfTest: async () => undefined,
    pauseReason: async () => new DOMException('paused', 'AbortError'),
    requestPersistence: async () => 'granted',
    databases: {
      evaluations: `evaluations-${crypto.randomUUID()}`,
      adaptations: `test-adaptations-${crypto.randomUUID()}`,
    },
  });
  await services.setup.load();
  return {
    ...services,
    memory,
    model,
    dispose: () => {
      services.session.clear();
      services.active.dispose();
      viewing.dispose();
    },
  };
}

const mounted: HTMLElement[] = [];

/** Puts an element on the page in a room of a given size and waits for its first picture. */
export async function mount<T extends HTMLElement>(
  element: T,
  properties: Partial<T> = {},
  room: { width: number; height: number } = { width: 900, height: 640 },
): Promise<T> {
  const holder = document.createElement('div');
  holder.style.width = `${room.width}px`;
  holder.style.height = `${room.height}px`;
  Object.assign(element, properties);
  element.style.height = '100%';
  holder.append(element);
  document.body.append(holder);
  mounted.push(holder);
  await (element as unknown as { updateComplete: Promise<unknown> }).updateComplete;
  return element;
}

export function unmountAll(): void {
  for (const holder of mounted.splice(0)) holder.remove();
  delete document.documentElement.dataset['theme'];
}

/** The first match in a tree of shadow roots. */
// The caller knows what the selector finds, as with querySelector.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function find<T extends Element = HTMLElement>(root: Node, selector: string): T | null {
  return findAll<T>(root, selector)[0] ?? null;
}

export function findAll<T extends Element = HTMLElement>(root: Node, selector: string): T[] {
  const found: T[] = [];
  const scope = root instanceof Element && root.shadowRoot ? [root.shadowRoot, root] : [root];
  for (const node of scope) {
    const parent = node as ParentNode;
    found.push(...parent.querySelectorAll<T>(selector));
    for (const child of parent.querySelectorAll('*')) {
      if (child.shadowRoot) found.push(...findAll<T>(child.shadowRoot, selector));
    }
  }
  return [...new Set(found)];
}

/** Everything that can be read on it, shadow roots included, without styles. */
export function textOf(root: Node): string {
  if (root instanceof Text) return root.data;
  if (root instanceof Element && root.matches('style, script')) return '';
  if (root instanceof HTMLTextAreaElement) return root.value;
  const inside = root instanceof Element && root.shadowRoot ? root.shadowRoot : root;
  let text = '';
  for (const child of inside.childNodes) text += `${textOf(child)} `;
  if (inside !== root) for (const child of root.childNodes) text += `${textOf(child)} `;
  return text.replace(/\s+/g, ' ').trim();
}

/**
 * Rewrites every text of a tree of shadow roots as a page translator does: the text node that was
 * there is gone, and one of its own stands in its place, in an element of its own.
 */
export function translatePage(root: Node): void {
  const tag: string = 'font';
  for (const node of [...root.childNodes]) {
    if (node instanceof Text && node.data.trim() !== '') {
      const font = document.createElement(tag);
      const inner = document.createElement(tag);
      inner.textContent = `traducido ${node.data}`;
      font.append(inner);
      node.replaceWith(font);
    } else if (!(node instanceof Element && node.matches('style, script'))) {
      translatePage(node);
    }
  }
  if (root instanceof Element && root.shadowRoot) translatePage(root.shadowRoot);
}

export function button(root: Node, name: string): HTMLButtonElement {
  const match = findAll<HTMLButtonElement>(root, 'button').find(
    (each) => each.ariaLabel === name || textOf(each) === name,
  );
  if (!match) throw new Error(`There is no button "${name}".`);
  return match;
}

/** Waits until something holds; fails with its last error. */
export async function until(check: () => unknown, limit = 20_000): Promise<void> {
  await expect.poll(check, { timeout: limit, interval: 25 }).toBeTruthy();
}

/** Looks in both themes, each once its colors have arrived. */
export async function expectNoAxeFindings(root: Element): Promise<void> {
  for (const theme of ['light', 'dark']) {
    document.documentElement.dataset['theme'] = theme;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await expectNoFindings(root, theme);
  }
}

async function expectNoFindings(root: Element, theme: string): Promise<void> {
  const { violations } = await axe.run(root, {
    resultTypes: ['violations'],
    rules: {
      // The tests' page has no landmarks around a single screen; the whole app is checked by itself.
      region: { enabled: root.localName === 'fieldray-app' },
      'page-has-heading-one': { enabled: false },
    },
  });
  const findings = violations.map(
    ({ id, nodes }) => `${theme}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`,
  );
  expect(findings).toEqual([]);
}
