import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures/berth.ts';
import { apiCall } from './helpers/api-call.ts';
import type { BerthInstance } from './helpers/berth-instance.ts';
import { MARKUP, MARKUP_NAME, SHORT, STEERING } from './helpers/hostile-strings.ts';
import { ALARM, type Alarms, listenForAlarms } from './helpers/page-alarms.ts';

/** Seconds on a machine of one's own; every page below comes from a server that others may keep busy. */
test.setTimeout(600_000);

const MALLORY = 'mallory';

/** A second administrator, who may do all that there is, and whose own name is hostile. */
async function mallory(page: Page, berth: BerthInstance): Promise<void> {
  await page.goto(`${berth.url}/login`);
  const token = new URL(await berth.setupLink()).hash.slice(1);
  const input = {
    token,
    username: MALLORY,
    password: 'correct horse battery',
    name: MARKUP_NAME,
  };
  expect(await apiCall(page, 'setup.createAdmin', input)).toMatchObject({ status: 200 });
  expect((await berth.berth(['admin', 'privileged', MALLORY, 'on'])).status).toBe(0);
}

/** Call, and say why when it fails. */
async function must(page: Page, procedure: string, input: unknown): Promise<void> {
  const { status, body } = await apiCall(page, procedure, input);
  expect(status, `${procedure}: ${body}`).toBe(200);
}

/** The page shows the text as text. */
async function shows(page: Page, url: string, text: string): Promise<void> {
  await page.goto(url);
  await expect
    .poll(
      () =>
        page.evaluate(
          () =>
            document.body.innerText +
            [...document.querySelectorAll('input,textarea')]
              .map((one) => (one as HTMLInputElement).value)
              .join(' '),
        ),
      { message: url, timeout: 15_000 },
    )
    .toContain(text);
}

/** No script ran, nothing was asked of another host, nothing was refused, and no title was changed. */
async function expectQuiet(page: Page, alarms: Alarms, what: string): Promise<void> {
  // a broken image tells its error a moment later
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50))));
  expect(alarms.heard, what).toEqual([]);
  expect(await page.title(), what).not.toContain('owned');
}

test('whatever a person or a guest writes is shown as text, on every page', async ({
  berth,
  browser,
  session,
}) => {
  expect(session.cookies, 'the first administrator is there, whose link this is not').not.toEqual([]);
  await using undo = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'berth-hostile-'));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const source = path.join(folder, MARKUP_NAME);
  mkdirSync(source);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  undo.defer(() => context.close());
  const alarms = await listenForAlarms(context, berth.url);
  const page = await context.newPage();
  await mallory(page, berth);

  await must(page, 'guest.create', {
    name: 'hostile',
    image: 'berth/mini',
    start: true,
    wait: true,
    isolation: {
      mounts: [
        {
          source,
          target: `/mnt/${MARKUP_NAME}`,
          readOnly: true,
          idmap: true,
          recursive: false,
          propagation: 'private',
        },
      ],
      masked: { add: [`/proc/${MARKUP_NAME}`], remove: [] },
      readOnly: { add: [`/sys/${MARKUP_NAME}`], remove: [] },
    },
    init: {
      environment: { [MARKUP.slice(0, 80)]: MARKUP, steering: STEERING },
      workdir: `/mnt/${MARKUP_NAME}`,
    },
  });
  const inside = async (script: string) => {
    const { status, stderr } = await berth.berth(['guest', 'exec', 'hostile', '--', '/bin/sh', '-c', script]);
    expect(status, stderr).toBe(0);
  };
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const program = `/tmp/${MARKUP_NAME}`;
  await inside(`printf '#!/bin/sh\\nexec sleep 1000\\n' > ${quoted(program)}; chmod 755 ${quoted(program)}`);
  // its own program, so its name, its arguments and its title are what it likes
  await must(page, 'console.openShell', {
    guest: 'hostile',
    command: [program, MARKUP, STEERING.replaceAll('\0', '')],
  });
  await inside(
    `printf '#!/bin/sh\\nsleep 1000\\n' > ${quoted(program)}; ${quoted(program)} ${quoted(MARKUP)} >/dev/null 2>&1 &`,
  );
  // fails with the name of its program in what it says
  await must(page, 'guest.create', {
    name: 'failing',
    kind: 'application',
    image: 'berth/mini',
    command: [`/no/${MARKUP}`, STEERING],
  });
  const failed = await apiCall(page, 'guest.start', { guest: 'failing', wait: true });
  expect(failed.status).not.toBe(200);
  // what is refused is told with the value
  for (const [procedure, input] of [
    ['guest.get', { guest: MARKUP_NAME.slice(0, 60) }],
    ['guest.describe', { guest: 'hostile', addTags: [SHORT.slice(0, 40)] }],
    ['guest.describe', { guest: 'hostile', notes: STEERING }],
    ['guest.describe', { guest: 'hostile', owner: SHORT.slice(0, 32) }],
    ['guest.setCgroup', { guest: 'hostile', file: MARKUP_NAME, value: MARKUP }],
    ['guest.create', { name: 'refused', image: MARKUP.slice(0, 190) }],
    ['image.build', { image: MARKUP.slice(0, 190) }],
    ['volume.create', { volume: MARKUP_NAME.slice(0, 60) }],
    ['console.openShell', { guest: 'hostile', command: [`/no/${MARKUP}`] }],
  ] as const)
    expect((await apiCall(page, procedure, input)).status, procedure).not.toBe(200);

  await must(page, 'guest.describe', {
    guest: 'hostile',
    notes: `${MARKUP}\n\n[a](javascript:${ALARM}('a')) ![b](https://stranger.invalid/b) <https://stranger.invalid>\n\n${MARKUP}`,
  });

  const operations = await berth.berthJson<{ id: string; status: string; subject: { name: string } }[]>([
    'operation',
    'ls',
  ]);
  const broken = operations.find(({ status, subject }) => status === 'failed' && subject.name === 'failing');
  const guest = `${berth.url}/guests/hostile`;
  for (const [url, text] of [
    [`${berth.url}/guests`, 'hostile'],
    [`${berth.url}/guests?q=${encodeURIComponent(MARKUP)}`, '<img src=x'],
    [
      `${berth.url}/guests?sort=${encodeURIComponent(MARKUP)}&columns=${encodeURIComponent(MARKUP)}&group=tag:${encodeURIComponent(MARKUP)}`,
      'hostile',
    ],
    [guest, 'hostile'],
    [`${guest}/processes`, '<img src=x'],
    [`${guest}/isolation`, '<img src=x'],
    [`${guest}/configuration`, '<img src=x'],
    [`${guest}/configuration#init.environment`, '<img src=x'],
    [`${guest}/limits`, 'Memory'],
    [`${guest}/activity`, MALLORY],
    [`${guest}/terminal`, '<img src=x'],
    [`${guest}/console`, 'hostile'],
    [`${berth.url}/guests/failing`, '<img src=x'],
    [`${berth.url}/guests/failing/console`, 'failing'],
    [`${berth.url}/compare?a=hostile&b=failing`, '<img src=x'],
    [`${berth.url}/compare?a=${encodeURIComponent(MARKUP)}&b=hostile`, '<script>'],
    [`${berth.url}/operations`, MALLORY],
    [
      `${berth.url}/operations?q=${encodeURIComponent(MARKUP)}&status=${encodeURIComponent(MARKUP)}`,
      'Operations',
    ],
    [`${berth.url}/operations/${broken?.id}`, 'failing'],
    [`${berth.url}/operations/${encodeURIComponent(SHORT)}`, 'There is no such operation'],
    [`${berth.url}/guests/${encodeURIComponent(SHORT)}`, '<img src=x'],
    [`${berth.url}/volumes`, 'Volumes'],
    [`${berth.url}/images`, 'berth/mini'],
    [`${berth.url}/host`, 'Host'],
    [`${berth.url}/${encodeURIComponent(SHORT)}`, 'There is no such page'],
  ] as const) {
    await shows(page, url, text);
    await expectQuiet(page, alarms, url);
  }

  await page.goto(`${berth.url}/guests`);
  await page.getByRole('button', { name: `Signed in as ${MALLORY}` }).click();
  await expect(page.getByText(MARKUP_NAME)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type(MARKUP_NAME);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New guest' }).first().click();
  const sheet = page.getByRole('dialog', { name: 'New guest' });
  await sheet.getByLabel('Name', { exact: true }).fill(MARKUP);
  await sheet.getByLabel('Memory', { exact: true }).fill(MARKUP);
  await sheet.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(sheet.getByLabel('Memory', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expectQuiet(page, alarms, 'the menu, the palette, the sheet');

  for (const next of [
    `javascript:${MARKUP_NAME}`,
    '//stranger.invalid/',
    '/\\stranger.invalid',
    'https:stranger.invalid',
    '\tjavascript:0',
  ]) {
    await page.goto(`${berth.url}/login?next=${encodeURIComponent(next)}`);
    await page.getByLabel('User name').fill(MALLORY);
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${berth.url}/guests`);
    await expectQuiet(page, alarms, next);
  }
});
