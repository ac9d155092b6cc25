/**
 * The base of every error a person may see: a stable code, what happened, what they can do.
 * Errors cross worker borders as plain data (`FaultData`), because structured clone drops classes.
 */
export interface FaultData {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export abstract class Fault extends Error {
  abstract readonly code: string;
  /** One sentence: what the user can do now. */
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.remedy = remedy;
  }

  toData(): FaultData {
    return { code: this.code, message: this.message, remedy: this.remedy };
  }
}
