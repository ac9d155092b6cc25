/** One row of a list of shares. */
export interface Bar {
  readonly label: string;
  /** 0 … 1 */
  readonly share: number;
  /** Drawn in the accent color. */
  readonly leading: boolean;
}
