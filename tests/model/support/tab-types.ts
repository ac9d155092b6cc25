/** What a test and the other tab (a frame of the same origin, its own page) say to each other. */
export interface TabOrder {
  readonly order: 'install' | 'pause';
  readonly name: string;
  readonly base: string;
}

export interface TabReport {
  readonly report: 'ready' | 'progress' | 'done' | 'failed';
  readonly bytesDone?: number;
  readonly phase?: string;
  readonly code?: string;
}
