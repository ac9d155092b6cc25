/** Addresses inside the app live behind the hash, so that any static host and sub-path serves them. */
export type ScreenName =
  | 'welcome'
  | 'read'
  | 'film'
  | 'insights'
  | 'evaluation'
  | 'adaptation'
  | 'status'
  | 'model'
  | 'settings'
  | 'about';

export interface Route {
  readonly screen: ScreenName;
  /** The picture shown, on the read screen. */
  readonly caseId: string | null;
}

const SCREENS: readonly ScreenName[] = [
  'welcome',
  'read',
  'film',
  'insights',
  'evaluation',
  'adaptation',
  'status',
  'model',
  'settings',
  'about',
];

export function parseRoute(hash: string): Route {
  const [name = '', id = ''] = hash.replace(/^#\/?/, '').split('/');
  const screen = SCREENS.find((each) => each === name) ?? 'read';
  return { screen, caseId: screen === 'read' && /^case-\d+$/.test(id) ? id : null };
}

export function routeHash(screen: ScreenName, caseId?: string | null): string {
  return caseId ? `#/${screen}/${caseId}` : `#/${screen}`;
}

/** The screens that share a labelled folder (workbench/). */
export function isWorkbench(screen: ScreenName): boolean {
  return screen === 'insights' || screen === 'evaluation' || screen === 'adaptation';
}
