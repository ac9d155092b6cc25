/**
 * What this site set for its answers, as one observable value. Kept in the browser's small storage:
 * no picture and no result stands in it. The rules are assurance's; they come with it, lazily.
 */
import type { AssuranceSettings } from '../assurance/types.ts';
import type { Manifest } from '../model/index.ts';

/** Of the assurance's door: reads with a schema, falls back to what was delivered. */
export interface SettingsRules {
  load(manifest: Manifest): AssuranceSettings;
  save(settings: AssuranceSettings): void;
  defaults(manifest: Manifest): AssuranceSettings;
}

export class SiteSettings {
  readonly #rules: () => Promise<SettingsRules>;
  readonly #listeners = new Set<() => void>();
  #value: AssuranceSettings | null = null;
  /** The delivered model that the value was read for: another one's thresholds would mislead. */
  #model = '';

  constructor(rules: () => Promise<SettingsRules>) {
    this.#rules = rules;
  }

  /** Null until they were first asked for. */
  get value(): AssuranceSettings | null {
    return this.#value;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async load(manifest: Manifest): Promise<AssuranceSettings> {
    const rules = await this.#rules();
    const model = `${manifest.id}@${manifest.version}`;
    if (this.#value && model === this.#model) return this.#value;
    this.#model = model;
    const before = this.#value;
    const value = rules.load(manifest);
    if (before && JSON.stringify(before) !== JSON.stringify(value)) this.#set(value);
    else this.#value = value;
    return value;
  }

  async save(settings: AssuranceSettings): Promise<void> {
    // At once, so that a change close behind builds on this one.
    this.#set(settings);
    (await this.#rules()).save(settings);
  }

  /** @returns what was set before, for whoever wants it back */
  async reset(manifest: Manifest): Promise<AssuranceSettings | null> {
    const before = this.#value;
    const rules = await this.#rules();
    await this.save(rules.defaults(manifest));
    return before;
  }

  #set(value: AssuranceSettings): void {
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }
}
