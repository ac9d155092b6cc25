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
  | 'records'
  | 'history'
  | 'figures'
  | 'about';

export interface Route {
  readonly screen: ScreenName;
  /** The picture shown, on the read screen. */
  readonly caseId: string | null;
  /** The kept study shown, on the history screen. */
  readonly studyId?: string;
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
  'records',
  'history',
  'figures',
  'about',
];

export function parseRoute(hash: string): Route {
  const [name = '', id = ''] = hash.replace(/^#\/?/, '').split('/');
  const screen = SCREENS.find((each) => each === name) ?? 'read';
  const study = screen === 'history' && /^[\w-]{1,64}$/.test(id);
  return {
    screen,
    caseId: screen === 'read' && /^case-\d+$/.test(id) ? id : null,
    ...(study && { studyId: id }),
  };
}

export function routeHash(screen: ScreenName, id?: string | null): string {
  return id ? `#/${screen}/${id}` : `#/${screen}`;
}

/** The screens that share a labelled folder (workbench/). */
export function isWorkbench(screen: ScreenName): boolean {
  return screen === 'insights' || screen === 'evaluation' || screen === 'adaptation';
}
