import path from 'node:path';
import { chromium } from '@playwright/test';
import config from '../../../playwright.config.ts';
import { readInstance } from '../../../server/instance/read-instance.ts';
import { makeAdmin } from '../../fixtures/berth.ts';
import { startInstance } from '../../helpers/berth-instance.ts';
import { ApiClient } from '../api-client.ts';
import { BenchServer } from '../bench-server.ts';
import { within } from '../measure.ts';
import type { Report } from '../page.ts';
import { benchSessions } from './bench-sessions.ts';
import { benchTerminal, type TerminalAmounts } from './bench-terminal.ts';
import { sizeOf, startBerthSubject } from './berth-subject.ts';
import { startNaive } from './naive-subject.ts';
import { describeSessions, describeTerminals } from './report-terminal.ts';
import { startWetty } from './wetty-subject.ts';

const FULL: TerminalAmounts = { bytes: 100e6, cats: 2, keys: 150, interrupts: 5, opens: 3, floods: 100 };
const QUICK: TerminalAmounts = { bytes: 10e6, cats: 1, keys: 40, interrupts: 2, opens: 1, floods: 10 };

const ADMIN_MS = 90_000;

/** Terminals beside the common way of making one, and what many of them cost. */
export async function measureTerminal(
  report: Report,
  { dir, quick }: { dir: string; quick: boolean },
): Promise<void> {
  await report.part('terminals side by side', () => sideBySide(dir, quick ? QUICK : FULL));
  await report.part('many open sessions', async () => {
    await using server = await BenchServer.start(path.join(dir, 'sessions'));
    return describeSessions(
      await benchSessions(server, { sessions: quick ? 50 : 1000, seconds: quick ? 2 : 5 }),
    );
  });
}

async function sideBySide(dir: string, amounts: TerminalAmounts): Promise<string> {
  await using berth = await startInstance();
  const instance = readInstance(berth.dataDir);
  if (!instance) throw new Error(`there is no instance in ${berth.dataDir}`);
  using api = new ApiClient(instance.adminSocket);
  const { args = [], ...launch } = config.use?.launchOptions ?? {};
  // no WebGL: the same renderer for all
  await using cleaning = new AsyncDisposableStack();
  const browser = await chromium.launch({
    ...launch,
    args: [...args, '--disable-3d-apis'],
    // The bench ends it, and the rest with it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  cleaning.defer(() => browser.close());
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  await within(ADMIN_MS, 'the first admin’s page', makeAdmin(page, await berth.setupLink()));
  const ours = cleaning.use(await startBerthSubject(berth, api));
  await ours.open(page);
  const size = await sizeOf(page);
  await page.close();
  const naive = cleaning.use(await startNaive(dir, size));
  // Where npm cannot be asked, the rest is measured all the same, and the report says so.
  const wetty = await startWetty(dir, size).then(
    (subject) => cleaning.use(subject),
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const left = wetty instanceof Error ? `wetty is not beside it: ${wetty.message.split('\n')[0]}` : null;
  const subjects = wetty instanceof Error ? [ours, naive] : [ours, naive, wetty];
  const results = [];
  for (const subject of subjects) results.push(await benchTerminal(context, subject, amounts));
  return [describeTerminals(results, amounts, size), ...(left ? [left] : [])].join('\n\n');
}
