import { chromium } from '@playwright/test';
import config from '../../playwright.config.ts';
import { makeAdmin } from '../fixtures/berth.ts';
import type { BerthInstance } from '../helpers/berth-instance.ts';
import { expectTerminal } from '../helpers/terminal.ts';
import { type Samples, summarize, timed } from './measure.ts';

/** From the click on `Create and open shell` to the prompt on the screen, in a real browser. */
export async function benchClick(berth: BerthInstance, rounds: number): Promise<Samples> {
  const browser = await chromium.launch(config.use?.launchOptions);
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true, viewport: { width: 1440, height: 900 } });
    await makeAdmin(page, await berth.setupLink());
    const times: number[] = [];
    // the first round loads the terminal's code; a person's first time is not the typical one
    for (let round = 0; round <= rounds; round++) {
      await page.goto(`${berth.url}/guests`);
      await page.getByRole('button', { name: 'New guest' }).first().click();
      const create = page.getByRole('button', { name: 'Create and open shell' });
      await create.waitFor();
      const ms = await timed(async () => {
        await create.click();
        await expectTerminal(page, /[#$] $/m);
      });
      if (round > 0) times.push(ms);
    }
    return summarize(times);
  } finally {
    await browser.close();
  }
}
