/** What the fault server can do, in words both sides know. */
export type ServerFault = {
  /** End of the address the fault is for. */
  readonly path: string;
  /** How many requests it hits; all if not given. */
  readonly times?: number;
} & (
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number }
  /** A web page with status 200. */
  | { readonly kind: 'html'; readonly type: string }
  /** The connection breaks after so many bytes of this answer's body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Nothing more comes after so many bytes of the body; the connection stays open. */
  | { readonly kind: 'stall'; readonly after: number }
  /** So many bytes a piece with a pause after each. */
  | { readonly kind: 'slow'; readonly piece: number; readonly pauseMs: number }
  /** One bit of the file is another one. */
  | { readonly kind: 'flip'; readonly at: number }
  /** The file is shorter (negative) or longer; `quiet` hides the length until the end. */
  | { readonly kind: 'resize'; readonly by: number; readonly quiet?: boolean }
  /** Compressed whatever was asked for, ranges ignored. */
  | { readonly kind: 'gzip' }
  /** A part other than the one asked for. */
  | { readonly kind: 'wrong-part' }
);

export interface SiteSetup {
  /** False: Range is ignored, as by the simplest servers. */
  readonly ranges?: boolean;
  readonly etag?: 'strong' | 'weak' | 'none';
  /** Part of every ETag; another one says that all files changed. */
  readonly edition?: string;
  readonly faults?: readonly ServerFault[];
}

/** One file request as the server saw it. */
export interface Request {
  readonly path: string;
  readonly status: number;
  readonly range: string | null;
  readonly ifRange: string | null;
  /** Body bytes handed to the connection. */
  readonly sent: number;
}
