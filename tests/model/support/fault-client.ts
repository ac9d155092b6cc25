/** The browser's side: sets up a site of its own on the fault server and asks what was requested. */
import type { Request, ServerFault, SiteSetup } from './fault-types.ts';

let count = 0;

export class FaultSite {
  readonly #root: URL;

  private constructor(root: URL) {
    this.#root = root;
  }

  /** A fresh site with these files; on another origin if `foreign`. */
  static async create(
    files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
    setup: SiteSetup = {},
    foreign = false,
  ): Promise<FaultSite> {
    const server = foreign
      ? await (await fetch('/__faults-other')).text()
      : new URL('/__faults/', location.href);
    count += 1;
    const site = new FaultSite(new URL(`site-${Date.now()}-${count}/`, server));
    await site.put(files);
    await site.setup(setup);
    return site;
  }

  /** The address to install from. */
  get base(): URL {
    return new URL('files/', this.#root);
  }

  async put(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<void> {
    for (const [path, body] of files) {
      await fetch(new URL(`files/${path}`, this.#root), { method: 'PUT', body });
    }
  }

  async setup(setup: SiteSetup): Promise<void> {
    await fetch(new URL('setup', this.#root), { method: 'POST', body: JSON.stringify(setup) });
  }

  async faults(...faults: ServerFault[]): Promise<void> {
    await this.setup({ faults });
  }

  /** Every file request so far, in order. */
  async log(): Promise<Request[]> {
    return (await (await fetch(new URL('log', this.#root))).json()) as Request[];
  }

  /** Requests of the model's own files: without current.json and the manifest. */
  async fileRequests(): Promise<Request[]> {
    return (await this.log()).filter(({ path }) => /\/graph\//.test(path));
  }
}
