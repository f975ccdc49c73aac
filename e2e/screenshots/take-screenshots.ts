import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import config from '../../playwright.config.ts';
import { makeAdmin } from '../fixtures/berth.ts';
import { type BerthInstance, startInstance } from '../helpers/berth-instance.ts';
import { expectTerminal, typeLine } from '../helpers/terminal.ts';

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const SCHEMES = ['light', 'dark'] as const;

const HISTORY_MS = 45_000;
const LOAD =
  'n=0; while :; do n=$((n+1)); i=0; while [ $i -lt $((n%7*9000)) ]; do i=$((i+1)); done; wget -q -O - http://web-1/ ; sleep 0.4; done';

interface Shot {
  name: string;
  take(page: Page, url: string): Promise<void>;
}

/** What the README shows; each leaves the page as a person would see it. */
const SHOTS: Shot[] = [
  { name: 'guests', take: (page, url) => open(page, `${url}/guests`, 'brave-otter') },
  {
    name: 'new-guest',
    take: async (page, url) => {
      await open(page, `${url}/guests`, 'brave-otter');
      await page.getByRole('button', { name: 'New guest' }).first().click();
      await page.getByRole('button', { name: 'Create and open shell' }).waitFor();
    },
  },
  {
    name: 'overview',
    take: async (page, url) => {
      await open(page, `${url}/guests/brave-otter`, 'brave-otter');
      // the history is drawn when it is there, and once more with each second's sample
      await new Promise((resolve) => setTimeout(resolve, 2500));
    },
  },
  {
    name: 'terminal',
    take: async (page, url) => {
      await open(page, `${url}/guests/brave-otter/terminal`, 'brave-otter');
      await expectTerminal(page, /[#$] $/m);
      await typeLine(page, 'clear; hostname; id; ps; ip addr show eth0; cat /proc/self/uid_map');
      await expectTerminal(page, /65536/);
    },
  },
  {
    name: 'limits',
    take: async (page, url) => {
      await open(page, `${url}/guests/brave-otter/limits`, 'brave-otter');
      await page.getByRole('slider', { name: 'memory limit' }).waitFor();
      await page.getByText('Held back').first().waitFor();
      // as above: the history and what this host has
      await new Promise((resolve) => setTimeout(resolve, 2500));
    },
  },
  {
    name: 'configuration',
    take: (page, url) => open(page, `${url}/guests/brave-otter/configuration`, 'brave-otter'),
  },
  {
    name: 'isolation',
    take: (page, url) => open(page, `${url}/guests/brave-otter/isolation`, 'Namespaces'),
  },
  {
    name: 'compare',
    take: (page, url) => open(page, `${url}/compare?a=brave-otter&b=web-1`, 'Differences'),
  },
  { name: 'images', take: (page, url) => open(page, `${url}/images`, 'berth/mini') },
  { name: 'operations', take: (page, url) => open(page, `${url}/operations`, 'brave-otter') },
  { name: 'host', take: (page, url) => open(page, `${url}/host`, 'Kernel') },
];

async function open(page: Page, url: string, text: string): Promise<void> {
  await page.goto(url);
  await page.getByText(text).first().waitFor();
}

/** `berth screenshots`: docs/screenshots/NAME-SIZE-SCHEME.png of every page, from a running product with real guests. */
export async function takeScreenshots(root: string): Promise<number> {
  const dir = path.join(root, 'docs/screenshots');
  mkdirSync(dir, { recursive: true });
  await using berth = await startInstance();
  const browser = await chromium.launch(config.use?.launchOptions);
  try {
    await shoot(browser, berth, dir);
  } finally {
    await browser.close();
  }
  return 0;
}

async function shoot(browser: Browser, berth: BerthInstance, dir: string): Promise<void> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  await makeAdmin(await context.newPage(), await berth.setupLink());
  const state = await context.storageState();
  for (const name of ['brave-otter', 'calm-heron', 'swift-lynx', 'quiet-fox'])
    await berth.berthJson(['guest', 'create', name, '--start']);
  await berth.berthJson(['guest', 'create', 'web-1', '--kind', 'application', '--start']);
  // something to draw: a guest that works a little, for most of a minute
  await berth.berth(['guest', 'exec', 'brave-otter', '--', 'sh', '-c', `(${LOAD}) >/dev/null 2>&1 &`]);
  await new Promise((resolve) => setTimeout(resolve, HISTORY_MS));
  await berth.berthJson(['guest', 'freeze', 'calm-heron']);
  await berth.berthJson(['guest', 'stop', '--force', 'quiet-fox']);
  for (const colorScheme of SCHEMES) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const pages = await browser.newContext({
        ignoreHTTPSErrors: true,
        storageState: state,
        colorScheme,
        viewport,
      });
      const page = await pages.newPage();
      for (const shot of SHOTS) {
        await shot.take(page, berth.url);
        await page.screenshot({ path: path.join(dir, `${shot.name}-${size}-${colorScheme}.png`) });
        console.log(`  ${shot.name}-${size}-${colorScheme}.png`);
      }
      await pages.close();
    }
  }
}
