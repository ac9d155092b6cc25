/** The built app on a server of its own, which tests can stop, start again and give a new version. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { modelsOriginOf } from '../../../tools/serve/headers.mjs';
import { serve } from '../../../tools/serve/server.mjs';
import { buildFolder, type BuildName } from './builds.ts';

type ServeOptions = Parameters<typeof serve>[0];
type Running = Awaited<ReturnType<typeof serve>>;

export class Site {
  readonly url: string;
  readonly #folder: string;
  readonly #options: ServeOptions;
  #server: Running | null;

  private constructor(folder: string, options: ServeOptions, server: Running) {
    this.#folder = folder;
    this.#options = { ...options, port: server.port };
    this.#server = server;
    this.url = server.url;
  }

  static async start(
    more: Pick<ServeOptions, 'basePath' | 'intercept'> & { build?: BuildName } = {},
  ): Promise<Site> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fieldray-site-'));
    await cp(buildFolder(more.build ?? 'first'), folder, { recursive: true });
    const options: ServeOptions = {
      directory: folder,
      basePath: more.basePath,
      intercept: more.intercept,
      modelsOrigin: modelsOriginOf(await readFile(path.join(folder, 'index.html'), 'utf8')),
    };
    return new Site(folder, options, await serve(options));
  }

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** The server is gone, as when the clinic's line is cut. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  /** The same address again. */
  async restart(): Promise<void> {
    this.#server ??= await serve(this.#options);
  }

  /** What a person with a new build does: replace the folder's content. */
  async deploy(build: BuildName): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    await cp(buildFolder(build), this.#folder, { recursive: true });
  }

  /** Offers the same weights as another version of the model: every file but the manifest is as before. */
  async offerModel(version: string): Promise<void> {
    const models = path.join(this.#folder, 'models');
    const currentFile = path.join(models, 'current.json');
    const current = JSON.parse(await readFile(currentFile, 'utf8')) as {
      id: string;
      manifest: string;
    };
    const before = path.join(models, path.dirname(current.manifest));
    const folder = path.join(current.id, version);
    await cp(before, path.join(models, folder), { recursive: true });
    const manifestFile = path.join(models, folder, path.basename(current.manifest));
    const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as object;
    await writeFile(manifestFile, JSON.stringify({ ...manifest, version }));
    // The packed copies that the build laid beside it are of the version before.
    for (const packed of ['.br', '.gz']) {
      await rm(manifestFile + packed, { force: true });
      await rm(currentFile + packed, { force: true });
    }
    const offered = { ...current, version, manifest: path.relative(models, manifestFile) };
    await writeFile(currentFile, JSON.stringify(offered));
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
