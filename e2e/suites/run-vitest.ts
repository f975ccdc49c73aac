import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './run-command.ts';
import type { SuiteResult } from './suite-result.ts';

/** Run one of vitest's projects (vitest.config.ts). A run that ends badly without a failed test counts as one failure. */
export async function runVitest(root: string, project: 'unit' | 'root'): Promise<SuiteResult> {
  const dir = mkdtempSync(path.join(tmpdir(), 'berth-vitest-'));
  const report = path.join(dir, 'report.json');
  try {
    const command = [
      'vitest',
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ];
    const { status } = await runCommand(root, command, {
      echo: true,
      environment: { BERTH_LEAK_CHECK: project === 'root' ? '1' : '0' },
    });
    const { numPassedTests, numFailedTests, numPendingTests } = readReport(report);
    // a skipped test is one that did not hold
    const failed = numFailedTests + numPendingTests;
    return { passed: numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function readReport(file: string): {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
} {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0 };
  }
}
