import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';
import type { BerthInstance } from './helpers/berth-instance.ts';
import { listenForAlarms } from './helpers/page-alarms.ts';
import { expectTerminal, terminalText, typeLine } from './helpers/terminal.ts';

/** Seconds on a machine of one's own; every page below comes from a server that others may keep busy. */
test.setTimeout(600_000);

const MIB = 1024 ** 2;
/** Bytes of a string that never seems to end; the promise is 1 GiB, which BERTH_LONG_STRING tries. */
const LONG = Number(process.env.BERTH_LONG_STRING ?? 64 * MIB);
/** Bytes of a file that is shown; BERTH_LONG_FLOOD makes it longer. */
const FLOOD = Number(process.env.BERTH_LONG_FLOOD ?? 64 * MIB);
/** What the page may keep of it, with what it uses anyhow: V8 collects when it likes. */
const MOST_KEPT = 96 * MIB;
/** By how much the server may grow meanwhile, and what may be left of that later: it was 410 and more. V8 collects when it likes here too. */
const SERVER = { most: 192 * MIB, settled: 96 * MIB };

// As printf(1) writes them.
const ESC = '\\033';
const BELL = '\\007';
const END = `${ESC}\\\\`;

const LINKS = [
  ...['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'vbscript:x'],
  'https://stranger.invalid/a',
];
/** What a guest may ask a terminal, much of it in the hope of having its own words typed back. */
const QUESTIONS = [
  ...[
    `${ESC}[c`,
    `${ESC}[>c`,
    `${ESC}[=c`,
    `${ESC}[5n`,
    `${ESC}[6n`,
    `${ESC}[?6n`,
    `${ESC}[?2004$p`,
    '\\005',
  ],
  ...[`${ESC}P$qm${END}`, `${ESC}P$q q${END}`, `${ESC}P$qrm -rf${END}`, `${ESC}P+q544e${END}`, `${ESC}Z`],
  ...[`${ESC}]2;owned${BELL}${ESC}[21t`, `${ESC}]1;owned${BELL}${ESC}[20t`, `${ESC}[18t`, `${ESC}[14t`],
  ...[`${ESC}[>q`, `${ESC}[1;1;1;1;1;1*y`, `${ESC}[x`, `${ESC}]52;c;?${BELL}`, `${ESC}]11;?${BELL}`],
  ...[`${ESC}]4;1;?${BELL}`, `${ESC}]50;?${BELL}`, `${ESC}]1337;ReportCellSize${BELL}`, `${ESC}[?u`],
  ...[`${ESC}_Ga=q,i=1;AAAA${END}`, `${ESC}[?1;1;0S`],
].join('');
/** All that it may be told. */
const ANSWERS = new RegExp(
  [
    '^(?:',
    String.raw`\x1b\[[?>][\d;]+c`,
    String.raw`|\x1b\[\??[\d;]+[nR]`,
    String.raw`|\x1b\[\?\d+;\d\$y`,
    String.raw`|\x1bP[01]\$r[\d;]*(?: q|m)?\x1b\\`,
    String.raw`|\x1b\](?:4;1|11);rgb:[\da-f]{4}/[\da-f]{4}/[\da-f]{4}\x1b\\`,
    ')+$',
  ].join(''),
);

/** A program of the guest: prints by the name of a wall what that wall is against, and says `printed NAME`. b3duZWQ= is "owned". */
const PROGRAM = `case $1 in
clipboard) for where in c p s ''; do printf '${ESC}]52;%s;b3duZWQ=${BELL}${ESC}]52;%s;b3duZWQ=${END}' "$where" "$where"; done
  printf '${ESC}]1337;Copy=:b3duZWQ=${BELL}${ESC}Ptmux;${ESC}${ESC}]52;c;b3duZWQ=${BELL}${END}' ;;
title) for code in 0 1 2 l L 30; do printf '${ESC}]%s;<b>owned</b>${BELL}' $code; done; printf '${ESC}kowned${END}' ;;
links) clear; n=0; for url in ${LINKS.map((url) => `'${url}'`).join(' ')}; do
  printf '${ESC}]8;;%s${END}LINK%s-LINK%s-LINK%s-LINK%s${ESC}]8;;${END}\\n' "$url" $n $n $n $n; n=$((n + 1)); done ;;
answers) stty raw -echo; printf '${QUESTIONS}'; dd bs=1 count=4096 of=/tmp/answers 2>/dev/null </dev/tty & sleep 3
  kill $!; stty sane; echo ;;
colours) printf '${ESC}[38;2;1;200;3mgreen${ESC}[48;2;9;9;9m${ESC}[4:3m${ESC}[58;2;255;0;0mwaves${ESC}[0m\\n' ;;
long) printf '${ESC}]0;'; head -c ${LONG} /dev/zero | tr '\\0' A; printf '${BELL}'
  printf '${ESC}P'; head -c 2000000 /dev/zero | tr '\\0' B; printf '\\030' ;;
flood) yes 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde | head -c ${FLOOD} | cat ;;
marks) printf 'TOWER a'; yes "$(printf '\\314\\201')" | head -n 30000 | tr -d '\\n'; printf 'b\\n' ;;
paste) printf '${ESC}[?2004h'; stty -icanon; cat >/tmp/pasted ;;
esac
printf '\\nprinted %s\\n' "$1"
`;

/** Have the guest print it, in the shell that the page shows. */
async function print(page: Page, what: string): Promise<void> {
  await typeLine(page, `sh /tmp/p ${what}`);
  await expectTerminal(page, new RegExp(`^printed ${what}$`, 'm'), 300_000);
}

/** Bytes that the server has in memory. */
async function serverMemory(berth: BerthInstance): Promise<number> {
  const { processes } = await berth.berthJson<{ processes: { server: { pid: number } } }>(['status']);
  const status = readFileSync(`/proc/${processes.server.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024;
}

/** Bytes that the page's scripts hold. */
async function pageMemory(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize;
}

/** Have the guest print so many bytes: neither the server nor the page may grow by more than it is allowed, whatever the bytes are. */
async function expectBounded(
  page: Page,
  berth: BerthInstance,
  { what, bytes }: { what: string; bytes: number },
): Promise<void> {
  const before = { server: await serverMemory(berth), page: await pageMemory(page) };
  let most = 0;
  const watch = setInterval(() => void serverMemory(berth).then((now) => (most = Math.max(most, now))), 500);
  const begun = performance.now();
  await print(page, what).finally(() => clearInterval(watch));
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const grown = { server: most - before.server, page: (await pageMemory(page)) - before.page };
  const told = Object.entries(grown).map(([who, size]) => `${who} +${(size / MIB).toFixed(1)} MiB`);
  console.log(`${what}, ${bytes / MIB} MiB in ${seconds} s: ${told.join(', ')}`);
  expect(grown.page).toBeLessThan(MOST_KEPT);
  expect(grown.server).toBeLessThan(SERVER.most);
  await expect
    .poll(async () => (await serverMemory(berth)) - before.server, { timeout: 30_000 })
    .toBeLessThan(SERVER.settled);
}

/** Click on the row of the terminal that begins with the text. */
async function clickRow(page: Page, start: string): Promise<void> {
  const lines = (await terminalText(page)).split('\n');
  const rows = await page.evaluate(() => [...(window.__berthTerminals?.values() ?? [])][0]?.rows ?? 1);
  const box = await page.locator('.xterm-screen').boundingBox();
  if (!box) throw new Error('the terminal is not there');
  const at = lines.findIndex((line) => line.startsWith(start));
  const y = box.y + ((at + 0.5) * box.height) / rows;
  await page.mouse.move(box.x + 40, y);
  await page.mouse.move(box.x + 60, y, { steps: 3 });
  await page.mouse.click(box.x + 60, y);
}

test('what a guest prints steers nothing but its own terminal', async ({
  signedIn: page,
  berth,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const alarms = await listenForAlarms(context, berth.url);
  await berth.berthJson(['guest', 'create', 'bytes', '--start']);
  const inside = (command: string, input = '') =>
    berth.berth(['guest', 'exec', 'bytes', '--', '/bin/sh', '-c', command], { input });
  const read = async (file: string) => (await inside(`cat ${file}`)).stdout;
  await inside('cat >/tmp/p', PROGRAM);
  await page.goto(`${berth.url}/guests/bytes/terminal`);
  await expectTerminal(page, /[#$] $/m);
  const [title, address] = [await page.title(), page.url()];

  await test.step('typing counts as use of the login', async () => {
    const told = page.waitForRequest((request) => request.url().includes('auth.me'));
    await typeLine(page, 'echo typed-$((1 + 1))');
    await told;
    await expectTerminal(page, /^typed-2$/m);
  });

  await test.step('the clipboard stays the person’s', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('mine'));
    await print(page, 'clipboard');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
  });

  await test.step('no title comes into the page', async () => {
    await print(page, 'title');
    expect(await page.title()).toBe(title);
    expect(await page.content()).not.toContain('<b>owned</b>');
  });

  await test.step('links lead to web addresses alone, and only when the person says so', async () => {
    await print(page, 'links');
    const dialog = page.getByRole('dialog', { name: 'Open this link?' });
    for (const at of LINKS.keys()) await clickRow(page, `LINK${at}-`);
    // the control, and the order of things: by now the others would have asked too
    await expect(dialog.getByText('https://stranger.invalid/a')).toBeVisible();
    await dialog.getByRole('button', { name: 'Do not open' }).click();
    await expect(dialog).toHaveCount(0);
    expect(page.url()).toBe(address);
    expect(context.pages()).toHaveLength(1);
    await page.locator('.xterm').click();
  });

  await test.step('it is answered what is on the list, and nothing of its own words', async () => {
    await print(page, 'answers');
    const answers = await read('/tmp/answers');
    expect(answers).toMatch(ANSWERS);
    // the controls: it was asked, and answered where it may be
    expect(answers).toContain('\u001b[0n');
    expect(answers).toContain('\u001b]11;rgb:');
  });

  await test.step('colours of any kind are drawn within the policy', async () => {
    await print(page, 'colours');
    expect(alarms.heard).toEqual([]);
  });

  await test.step('a tower of marks is cut, and what follows it is shown', async () => {
    await print(page, 'marks');
    const line = (await terminalText(page)).split('\n').find((one) => one.startsWith('TOWER a')) ?? '';
    expect(line).toMatch(/^TOWER a\u0301{10,70}b$/);
  });

  await test.step('strings of megabytes cost no more than themselves', async () => {
    await expectBounded(page, berth, { what: 'long', bytes: LONG });
    expect(await page.title()).toBe(title);
    await typeLine(page, 'echo on-$((1 + 1))');
    await expectTerminal(page, /^on-2$/m);
  });

  await test.step('a flood of lines costs no more than what is kept of it', async () => {
    await expectBounded(page, berth, { what: 'flood', bytes: FLOOD });
    await typeLine(page, 'echo after-$((1 + 1))');
    await expectTerminal(page, /^after-2$/m);
  });

  await test.step('what is pasted presses no key and ends no bracket', async () => {
    await typeLine(page, 'sh /tmp/p paste');
    await expect.poll(async () => (await inside('ls /tmp/pasted')).status).toBe(0);
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'one\u001b[201~\u0003two\u009b201~\u0000three');
      document
        .querySelector('.xterm-helper-textarea')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => read('/tmp/pasted')).toBe('\u001b[200~one[201~two201~three\u001b[201~');
    await page.keyboard.press('Control+C');
  });

  expect(alarms.heard).toEqual([]);
});
