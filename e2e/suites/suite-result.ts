/** How one suite ended. */
export interface SuiteResult {
  passed: number;
  failed: number;
}
