import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from './fixtures/berth.ts';
import { expectTerminal, terminalText, typeLine } from './helpers/terminal.ts';

interface Status {
  processes: Record<'server' | 'web', { pid: number } | null>;
}
interface Guest {
  initPid: number | null;
}

/** Where the kernel groups tasks by session, the console's goes before those that take all of the processor. */
function expectGoesFirst(pid: number | undefined): void {
  const file = `/proc/${pid}/autogroup`;
  if (existsSync(file)) expect(readFileSync(file, 'utf8')).toMatch(/ nice -10\n$/);
}

/** The numbers that the loop has printed and the terminal shows. */
const numbers = (text: string) => [...text.matchAll(/^n(\d+)$/gm)].map((match) => Number(match[1]));

for (const [who, how, signal] of [
  ['server', 'restarted', 'SIGTERM'],
  ['server', 'killed with -9', 'SIGKILL'],
  ['web', 'killed with -9', 'SIGKILL'],
] as const) {
  test(`the ${who} is ${how} while a shell prints: nothing is lost`, async ({ signedIn: page, berth }) => {
    const name = `survivor-${who}-${signal.toLowerCase()}`;
    await berth.berthJson(['guest', 'create', name, '--start']);
    const before = await berth.berthJson<Guest>(['guest', 'info', name]);
    await page.goto(`${berth.url}/guests/${name}/terminal`);
    await expectTerminal(page, /[#$] $/m);
    await typeLine(page, 'i=0; while true; do i=$((i+1)); echo n$i; sleep 0.05; done');
    await expectTerminal(page, /^n20$/m);

    const { processes } = await berth.berthJson<Status>(['status']);
    expectGoesFirst(processes[who]?.pid);
    const pid = processes[who]?.pid;
    if (!pid) throw new Error(`status names no ${who}`);
    const reconnecting = page.getByText(/reconnecting/i);
    process.kill(pid, signal);
    await expect(reconnecting.first()).toBeVisible();
    const seen = Math.max(...numbers(await terminalText(page)));

    await expect(reconnecting).toHaveCount(0);
    await expectTerminal(page, new RegExp(`^n${seen + 60}$`, 'm'));
    const shown = numbers(await terminalText(page));
    expect(shown, 'every number once, in order').toEqual(shown.map((_, index) => 1 + index));

    // what is typed reaches the same shell as before
    await expect(async () => {
      // a child that ash has forked and that is no sleep yet swallows the signal
      await page.keyboard.press('Control+C');
      await expectTerminal(page, /[#$] $/, 2000);
    }).toPass({ timeout: 30_000 });
    await typeLine(page, 'echo "last=$i"');
    await expectTerminal(page, /^last=\d+$/m);

    const after = await berth.berthJson<Guest>(['guest', 'info', name]);
    expect(after.initPid).toBe(before.initPid);
    expect((await berth.berthJson<Status>(['status'])).processes[who]?.pid).not.toBe(pid);
  });
}

test('a reload comes back to the same shell with what it showed', async ({ signedIn: page, berth }) => {
  await berth.berthJson(['guest', 'create', 'reload-1', '--start']);
  await page.goto(`${berth.url}/guests/reload-1/terminal`);
  await expectTerminal(page, /[#$] $/m);
  await typeLine(page, 'echo kept-$((40 + 2)); mine=here');
  await expectTerminal(page, /^kept-42$/m);
  await page.reload();
  await expectTerminal(page, /^kept-42$/m);
  await page.locator('.xterm').click();
  await typeLine(page, 'echo still-$mine');
  await expectTerminal(page, /^still-here$/m);
});
