/** How one suite ended. */
export interface SuiteResult {
  passed: number;
  failed: number;
}

/** How a suite is run. */
export interface SuiteRun {
  /** The checkout. */
  root: string;
  /** Asked for by name: then also what takes long. */
  named: boolean;
  /** Beside another suite: with what that one leaves of the processor. */
  aside: boolean;
  /** Print a line. */
  say(line: string): void;
}
