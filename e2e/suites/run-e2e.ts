import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from './run-command.ts';
import type { SuiteResult } from './suite-result.ts';

/** Run Playwright (playwright.config.ts): real Chromium, real kernel, real guests. */
export async function runE2e(root: string): Promise<SuiteResult> {
  const dir = mkdtempSync(path.join(tmpdir(), 'berth-playwright-'));
  const report = path.join(dir, 'report.json');
  try {
    const { status } = await runCommand(root, ['playwright', 'test', '--reporter=list,json'], {
      echo: true,
      environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: report, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
    });
    const { expected, unexpected, flaky, skipped } = readStats(report);
    const failed = unexpected + flaky + skipped;
    return { passed: expected, failed: failed === 0 && status !== 0 ? 1 : failed };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function readStats(file: string): { expected: number; unexpected: number; flaky: number; skipped: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).stats;
  } catch {
    return { expected: 0, unexpected: 1, flaky: 0, skipped: 0 };
  }
}
