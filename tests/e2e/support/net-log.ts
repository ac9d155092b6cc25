/**
 * Chromium's own record of everything its network stack did (`--log-net-log`), complete once the
 * browser is closed: below pages, workers and service worker, so nothing can pass beside it.
 */
import { readFile } from 'node:fs/promises';

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly {
    readonly type: number;
    readonly params?: Readonly<Record<string, unknown>>;
  }[];
}

export interface NetworkRecord {
  /** Every address a request was started for on behalf of the site. */
  readonly urls: readonly string[];
  /** Every name that was looked up on behalf of the site. */
  readonly lookedUp: readonly string[];
  /** Requests of all others: the browser's own services, which no page can start or stop. */
  readonly browsersOwn: readonly string[];
}

/** Whom an entry belongs to stands in one of these. */
const OWNERS = ['initiator', 'network_isolation_key', 'network_anonymization_key'] as const;

/** @param site scheme and host without a port, as the browser writes a site */
export async function readNetLog(file: string, site: string): Promise<NetworkRecord> {
  const log = JSON.parse(await readFile(file, 'utf8')) as NetLog;
  const gather = (name: string, key: string, ofSite: boolean): string[] => {
    const type = log.constants.logEventTypes[name];
    // A renamed event would make this test blind; better that it falls.
    if (type === undefined) throw new Error(`This Chromium's log knows no ${name}.`);
    const found = log.events
      .filter((event) => event.type === type)
      .map(({ params }) => params ?? {})
      .filter((params) => OWNERS.some((owner) => String(params[owner]).includes(site)) === ofSite)
      .map((params) => params[key])
      .filter((value): value is string => typeof value === 'string' && value !== '');
    return [...new Set(found)];
  };
  return {
    urls: gather('URL_REQUEST_START_JOB', 'url', true),
    lookedUp: gather('HOST_RESOLVER_MANAGER_REQUEST', 'host', true),
    browsersOwn: gather('URL_REQUEST_START_JOB', 'url', false),
  };
}
