import type { Browser, Page } from '@playwright/test';
import { expect as expectSoon, test } from './fixtures/berth.ts';
import type { BerthInstance } from './helpers/berth-instance.ts';
import { expectTerminal, terminalSize, terminalText, typeLine } from './helpers/terminal.ts';

// Much is printed, and a machine at work on other things takes its time.
test.setTimeout(180_000);
const expect = expectSoon.configure({ timeout: 60_000 });

const numbers = (text: string) => [...text.matchAll(/^(\d+)$/gm)].map((match) => Number(match[1]));

/** The numbers that the terminal remembers end with `last`, each once and in order, at least `atLeast` of them. */
async function expectNumbers(page: Page, last: number, atLeast: number): Promise<void> {
  await expect
    .poll(async () => numbers(await terminalText(page)).length, { timeout: 20_000 })
    .toBeGreaterThan(atLeast);
  const shown = numbers(await terminalText(page));
  expect(shown.at(-1)).toBe(last);
  expect(shown, 'every number once, in order').toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
}

async function openShell(page: Page, berth: BerthInstance, guest: string): Promise<void> {
  await berth.berthJson(['guest', 'create', guest, '--start']);
  await page.goto(`${berth.url}/guests/${guest}/terminal`);
  await expectTerminal(page, /[#$] $/m);
}

async function killServer(page: Page, berth: BerthInstance): Promise<void> {
  const { processes } = await berth.berthJson<{ processes: { server: { pid: number } | null } }>(['status']);
  if (!processes.server) throw new Error('status names no server');
  process.kill(processes.server.pid, 'SIGKILL');
  await expect(page.getByText(/reconnecting/i).first()).toBeVisible();
}

/** Redraws all of its screen, as htop does: the number of each row at both edges, the size between them. Ends by q. */
const FULL_SCREEN = String.raw`printf '\033[?1049h\033[?25l'; stty -echo -icanon min 0 time 1
while [ "$key" != q ]; do
  set -- $(stty size); row=1; printf '\033[2J'
  while [ $row -le $1 ]; do printf "\033[$row;1H$row\033[$row;$(($2 - ${'$'}{#row} + 1))H$row"; row=$((row + 1)); done
  printf "\033[1;5Hsize $1 $2"; key=$(dd bs=1 count=1 2>/dev/null)
done
printf '\033[?25h\033[?1049l'; stty sane
`;

/** What FULL_SCREEN shows in a terminal of this size. */
function fullScreen({ rows, columns }: { rows: number; columns: number }): string {
  return Array.from({ length: rows }, (_, at) => {
    const edge = `${at + 1}`;
    const left = at === 0 ? `1   size ${rows} ${columns}` : edge;
    return left.padEnd(columns - edge.length) + edge;
  }).join('\n');
}

/** Another browser of the same person, looking at the same shell. */
async function otherWindow(browser: Browser, page: Page): Promise<Page> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width: 900, height: 600 },
  });
  await context.addCookies(await page.context().cookies());
  const other = await context.newPage();
  await other.goto(page.url());
  return other;
}

test('Ctrl-C in a flood comes to the prompt at once, and the scrollback is right', async ({
  signedIn: page,
  berth,
}) => {
  await openShell(page, berth, 'flood-1');
  await typeLine(page, 'yes');
  // The flood is there: far more than is drawn.
  await expectTerminal(page, /^y$/m);
  await page.waitForFunction(() => {
    const [terminal] = [...(window.__berthTerminals?.values() ?? [])];
    return (terminal?.text().match(/^y$/gm)?.length ?? 0) > 20;
  });
  const milliseconds = await page.evaluate(async () => {
    const [terminal] = [...(window.__berthTerminals?.values() ?? [])];
    const begun = performance.now();
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'c', code: 'KeyC', keyCode: 67, ctrlKey: true, bubbles: true }),
    );
    while (!/[#$] $/.test(terminal?.text() ?? '') && performance.now() - begun < 20_000)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - begun;
  });
  test.info().annotations.push({ type: 'Ctrl-C to prompt', description: `${Math.round(milliseconds)} ms` });
  console.log(`Ctrl-C in a flood to the prompt: ${Math.round(milliseconds)} ms`);
  expect(milliseconds).toBeLessThan(20_000);
  await typeLine(page, 'seq 1 30000; echo over-$((1+1))');
  await expectTerminal(page, /^over-2$/m, 60_000);
  await expectNumbers(page, 30_000, 9_900);
});

test('a reload and a killed server in the middle of fast output lose and double nothing', async ({
  signedIn: page,
  berth,
}) => {
  await openShell(page, berth, 'stream-1');
  await typeLine(page, 'seq 1 600000; echo over-$((1+1))');
  await expectTerminal(page, /^\d{5,}$/m);
  await page.reload();
  await expectTerminal(page, /^\d{5,}$/m);
  await killServer(page, berth);
  await expectTerminal(page, /^over-2$/m, 90_000);
  await expectNumbers(page, 600_000, 9_900);
  // And once more for a page that saw none of it.
  await page.reload();
  await expectTerminal(page, /^over-2$/m);
  await expectNumbers(page, 600_000, 9_900);
});

test('a full screen program, colours, wide characters and the title come back after a reload', async ({
  signedIn: page,
  berth,
}) => {
  await openShell(page, berth, 'screen-1');
  await typeLine(
    page,
    "printf 'before \\346\\274'; sleep 0.3; printf '\\242\\345\\255\\227 e\\314\\201 |\\n'",
  );
  await expectTerminal(page, /^before 漢字 e\u0301 \|$/m);
  await typeLine(page, 'vi /tmp/text');
  await expectTerminal(page, /^~$/m);
  await page.keyboard.type('ione\ntwo');
  await page.keyboard.press('Escape');
  await expectTerminal(page, /^one\ntwo\n~/m);
  // vi tells a moment later that it inserts no more
  await expectTerminal(page, /^- \/tmp\/text \[Modified\]/m);
  const before = await terminalText(page);
  await page.reload();
  await expectTerminal(page, /^one\ntwo\n~/m);
  expect(await terminalText(page)).toBe(before);
  // Another size: the program draws itself anew.
  const { rows } = await terminalSize(page);
  await page.setViewportSize({ width: 1000, height: 500 });
  await expect.poll(async () => (await terminalSize(page)).rows).toBeLessThan(rows);
  await page.locator('.xterm').click();
  await page.keyboard.type(':q!\r');
  await expectTerminal(page, /^before 漢字 e\u0301 \|$/m);
  await berth.berth(['guest', 'exec', 'screen-1', '--', '/bin/sh', '-c', 'cat >/tmp/full'], {
    input: FULL_SCREEN,
  });
  await typeLine(page, 'sh /tmp/full');
  const drawn = async () => (await terminalText(page)) === fullScreen(await terminalSize(page));
  // While the window is dragged, as people do, and at rest.
  for (const width of [1010, 860, 720, 900, 1180]) {
    await page.setViewportSize({ width, height: Math.round(380 + width / 4) });
    if (width !== 900) await expect.poll(drawn).toBe(true);
  }
  await page.reload();
  await expect.poll(drawn).toBe(true);
  await page.locator('.xterm').click();
  await page.keyboard.press('q');
  await expectTerminal(page, /^before 漢字 e\u0301 \|$[\s\S]*[#$] $/m);
  await typeLine(page, 'stty size');
  const size = await terminalSize(page);
  await expectTerminal(page, new RegExp(`^${size.rows} ${size.columns}$`, 'm'));
});

test('two windows in one shell: one drives and gives the size, the other watches and takes over', async ({
  signedIn: page,
  berth,
  browser,
}) => {
  await openShell(page, berth, 'shared-1');
  await expect(page).toHaveURL(/session=/);
  await typeLine(page, 'echo hello-$((1+1))');
  await expectTerminal(page, /^hello-2$/m);
  const other = await otherWindow(browser, page);
  try {
    await expectTerminal(other, /^hello-2$/m, 60_000);
    await expect(other.getByText('You drive')).toBeVisible();
    await expect(page.getByText('admin drives, you watch')).toBeVisible();
    // The watcher shows the terminal at the size of the one who drives.
    const size = await terminalSize(other);
    await expect.poll(() => terminalSize(page)).toEqual(size);
    await typeLine(other, 'stty size');
    for (const one of [page, other])
      await expectTerminal(one, new RegExp(`^${size.rows} ${size.columns}$`, 'm'));
    await page.getByRole('button', { name: 'Take over' }).click();
    await expect(page.getByText('You drive')).toBeVisible();
    await expect(other.getByText('admin drives, you watch')).toBeVisible();
    await page.locator('.xterm').click();
    await typeLine(page, 'echo taken-$((1+1))');
    await expectTerminal(other, /^taken-2$/m);
    expect((await terminalSize(page)).columns).toBeGreaterThan(size.columns);
  } finally {
    await other.context().close();
  }
  await expect(page.getByText('You drive')).toHaveCount(0);
});

test('the page of terminals lists the shells of all guests, names one, leads into it and ends it', async ({
  signedIn: page,
  berth,
}) => {
  await openShell(page, berth, 'listed-1');
  await page.getByRole('button', { name: 'New shell with a command or user' }).click();
  const dialog = page.getByRole('dialog', { name: 'New shell in listed-1' });
  await dialog.getByLabel('Working directory').fill('/tmp');
  await dialog.getByLabel('Environment').fill("WORD='two words'");
  await dialog.getByLabel('Name', { exact: true }).fill('deploy');
  await dialog.getByRole('button', { name: 'Open shell' }).click();
  await expect(page.getByRole('tab', { name: 'deploy' })).toHaveAttribute('aria-selected', 'true');
  await expectTerminal(page, /tmp.*[#$] $/m);
  await typeLine(page, 'echo "$PWD:$WORD"');
  await expectTerminal(page, /^\/tmp:two words$/m);

  await page.goto(`${berth.url}/terminals`);
  await expect(page.getByText('2 open shells')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'deploy' })).toContainText('nobody looks');
  await page.getByRole('button', { name: 'Name the shell deploy of listed-1' }).click();
  await page.getByLabel('Name', { exact: true }).fill('release');
  await page.getByRole('button', { name: 'Name it' }).click();
  await page.getByRole('link', { name: 'release', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'release' })).toHaveAttribute('aria-selected', 'true');
  await expectTerminal(page, /^\/tmp:two words$/m);

  await page.goto(`${berth.url}/terminals`);
  await page.getByRole('button', { name: 'End the shell release of listed-1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End the shell' }).click();
  await expect(page.getByText('1 open shell', { exact: true })).toBeVisible();
  await expect(page.getByText('release')).toHaveCount(0);
});
