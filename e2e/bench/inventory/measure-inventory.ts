import { chromium } from '@playwright/test';
import config from '../../../playwright.config.ts';
import { readInstance } from '../../../server/instance/read-instance.ts';
import { makeAdmin } from '../../fixtures/berth.ts';
import { type BerthInstance, startInstance } from '../../helpers/berth-instance.ts';
import { takeHostSnapshot } from '../../oracle/host-snapshot.ts';
import { ApiClient } from '../api-client.ts';
import { within } from '../measure.ts';
import type { Report } from '../page.ts';
import { benchPage, type PageAmounts } from './bench-page.ts';
import { benchSearch } from './bench-search.ts';
import { fillInventory } from './fill-inventory.ts';
import { describePage, describeSearch } from './report-inventory.ts';

const ADMIN_MS = 90_000;
const FULL = { guests: 10_000, calls: 200, page: { loads: 12, seconds: 6, words: 8 } };
const QUICK = { guests: 10_000, calls: 30, page: { loads: 3, seconds: 2, words: 3 } };

/** The list of many guests: at the server, and as a person in a real browser has it. */
export async function measureInventory(report: Report, { quick }: { quick: boolean }): Promise<void> {
  const amounts = quick ? QUICK : FULL;
  await report.part(`a Berth with ${amounts.guests} guests`, async () => {
    const slot = await withGuests(report, amounts);
    const left = [...takeHostSnapshot(slot)];
    return left.length === 0 ? '' : `Left on the machine, a fault: ${left.join('; ')}`;
  });
}

/** Resolves to the slot of the Berth that is gone by then. */
async function withGuests(
  report: Report,
  amounts: { guests: number; calls: number; page: PageAmounts },
): Promise<number> {
  await using berth = await startInstance();
  const instance = readInstance(berth.dataDir);
  if (!instance) throw new Error(`there is no instance in ${berth.dataDir}`);
  await using _filled = await fillInventory(berth, amounts.guests);
  using api = new ApiClient(instance.adminSocket);
  const countOf = async (q: string) =>
    (await api.query<{ matched: number }>('guest.search', { q, limit: 0 })).matched;
  const there = await countOf('');
  if (there !== amounts.guests) throw new Error(`the server knows ${there} guests, not ${amounts.guests}`);
  await report.part('the list at the server', async () =>
    describeSearch(await benchSearch(api, amounts.calls), amounts.calls),
  );
  await report.part('the list in a browser', async () => {
    await using cleaning = new AsyncDisposableStack();
    const browser = await chromium.launch({
      ...config.use?.launchOptions,
      // The bench ends it, and the rest with it.
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
    cleaning.defer(() => browser.close());
    const session = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await session.newPage();
    await within(ADMIN_MS, 'the first admin’s page', makeAdmin(page, await adminLink(berth)));
    await page.close();
    return describePage(
      await benchPage(browser, session, { url: berth.url, amounts: amounts.page, countOf }),
      amounts.guests,
    );
  });
  return berth.slot;
}

/** The one that the first start printed may be none any more: it was started again since. */
async function adminLink(berth: BerthInstance): Promise<string> {
  const { stdout, stderr } = await berth.berth(['admin', 'link']);
  const link = /https?:\/\/\S+\/setup#\S+/.exec(stdout)?.[0];
  if (!link) throw new Error(`no link for the first admin: ${stderr.slice(-300)}`);
  return link;
}
