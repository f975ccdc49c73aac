import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENTER, TestGround, TestGuest, until } from '../../native/supervisor/test-guest.ts';
import { execInGuest } from './exec-process.ts';
import { Sessions } from './sessions.ts';

const SECRET = `hunter2-${process.pid}`;
let ground: TestGround;
let guest: TestGuest;
beforeAll(async () => {
  ground = new TestGround();
  guest = await new TestGuest(ground, 'system', ['/bin/sleep', '1000']).running();
});
afterAll(async () => {
  await guest.stop();
  await ground[Symbol.asyncDispose]();
});

/** Processes of the host on whose command line the text is: what every user can read. */
function onCommandLines(words: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8').includes(words);
      } catch {
        return false; // it has ended meanwhile
      }
    });
}

test('the environment of an exec is on no command line', async () => {
  const run = await execInGuest(ENTER, {
    runDir: guest.runDir,
    spec: {
      user: 'root',
      workdir: '/etc',
      environment: { TOKEN: SECRET },
      command: ['sh', '-c', 'echo $PWD $TOKEN; read line'],
    },
  });
  let said = '';
  run.stdout.on('data', (bytes: Buffer) => {
    said += bytes;
  });
  await until('it has it', () => said === `/etc ${SECRET}\n`);
  expect(onCommandLines(SECRET)).toEqual([]);
  // The probe finds what is there: the command itself, inside.
  expect(onCommandLines('echo $PWD $TOKEN').length).toBe(1);
  run.stdin.end('\n');
  expect(await run.exit).toEqual({ status: 0, signal: null });
  expect(await text(run.stderr)).toBe('');
});

test('nor that of a shell', async () => {
  const sessions = new Sessions({
    program: ENTER,
    folder: join(ground.dir, 'sessions'),
    runDirOf: () => guest.runDir,
  });
  const ended = new Promise((resolve) => sessions.onEnd(resolve));
  await sessions.open({
    session: 's1',
    guestId: 'g',
    user: 'user',
    workdir: null,
    environment: { TOKEN: SECRET },
    command: ['sh', '-c', 'echo $TOKEN > /tmp/token-of-user; sleep 1000'],
    columns: 80,
    rows: 24,
  });
  await until('it has it', () => guest.sh('cat /tmp/token-of-user').stdout === `${SECRET}\n`);
  expect(onCommandLines(SECRET)).toEqual([]);
  await sessions.close('s1');
  await ended;
});
