import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { FileName } from '../protocol/wire.ts';
import { INIT, TestGround, TestGuest, until } from '../supervisor/test-guest.ts';
import { TestHolder } from '../supervisor/test-holder.ts';

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
});
afterAll(() => ground[Symbol.asyncDispose]());

const MiB = 1024 * 1024;
const under = (command: string[]) => new TestGuest(ground, 'application', command, [['init', INIT]]);
const script = (text: string) => under(['/bin/sh', '-c', text]);

async function ended(guest: TestGuest): Promise<Record<string, string>> {
  await until('it ended', () => existsSync(join(guest.runDir, FileName.exit)), 60_000);
  return guest.exit;
}

const zombies = (guest: TestGuest) =>
  guest
    .sh('for s in /proc/[0-9]*/stat; do read -r line < $s && echo "$line"; done 2>/dev/null')
    .stdout.match(/\) Z /g)?.length ?? 0;

describe('the minimal init', () => {
  it('is PID 1, small, from a mount that nobody can write, and has no descriptor but the console', async () => {
    await using guest = await under(['/bin/sleep', '1000']).running();
    const proc = `/proc/${guest.state.init_pid}`;
    expect(readFileSync(`${proc}/comm`, 'utf8')).toBe('init\n');
    expect(
      guest.sh('tr "\\0" " " < /proc/1/cmdline || cat /proc/1/cmdline').stdout.replaceAll('\0', ' '),
    ).toContain('berth-init /bin/sleep 1000');
    const kilobytes = (key: string) =>
      Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(readFileSync(`${proc}/smaps_rollup`, 'utf8'))?.[1]);
    console.log(
      `init: ${kilobytes('Rss')} kB resident, ${kilobytes('Pss')} kB its share, ${kilobytes(
        'Private_Dirty',
      )} kB its own`,
    );
    expect(kilobytes('Private_Dirty')).toBeLessThan(256);
    const write = guest.sh('echo x > /proc/1/exe');
    expect(write.stderr).toMatch(/Read-only file system|Text file busy|Permission denied/);
    expect(statSync(INIT).size).toBe(statSync(`${proc}/exe`).size);
    const [command] = readFileSync(`${proc}/task/${guest.state.init_pid}/children`, 'utf8').split(' ');
    for (const folder of [`${proc}/fd`, `/proc/${command}/fd`])
      expect(readdirSync(folder), folder).toEqual(['0', '1', '2']);
  });

  it('reaps orphans, which stay without it', async () => {
    // The shell becomes a program that waits for nobody, before its child's children end.
    const orphans = ['/bin/sh', '-c', '(sleep 1 & sleep 1 &) ; exec sleep 1000'];
    await using guest = await under(orphans).running();
    await using bare = await new TestGuest(ground, 'application', orphans).running();
    await until('orphans stay with who does not reap', () => zombies(bare) > 0);
    await until('none stay with init', () => zombies(guest) === 0);
  });

  it.each([
    ['exits', 'exit 7', { kind: 'exited', status: '7' }],
    ['is killed', 'kill -SEGV $$', { kind: 'signalled', status: '11' }],
    ['exits as if it had been killed', 'exit 139', { kind: 'exited', status: '139' }],
  ])('ends as its command, which %s', async (_, text, exit) => {
    const guest = script(text);
    await guest.start();
    expect(await ended(guest)).toMatchObject({ ...exit, out_of_memory: '0' });
    expect(guest.leftovers()).toEqual([]);
  });

  it('hands the stop on, to who catches it and to who does not', async () => {
    const polite = await script(
      "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.05; done",
    ).running();
    const console = await TestHolder.connect(polite.runDir, 'terminal');
    await until('it is up', () => console.output.includes('up'));
    await polite.stop(false, 60_000);
    expect(console.output).toContain('bye');
    expect(polite.exit).toMatchObject({ kind: 'exited', status: '5' });
    const plain = await under(['/bin/sleep', '1000']).running();
    await plain.stop(false, 60_000);
    expect(plain.exit).toMatchObject({ kind: 'signalled', status: '15' });
  });

  it('gives the command the console: keys make signals', async () => {
    await using guest = await script(
      "trap 'echo interrupted; exit 3' INT; echo up; while :; do sleep 0.05; done",
    ).running();
    const console = await TestHolder.connect(guest.runDir, 'terminal');
    await until('it is up', () => console.output.includes('up'));
    console.type('\u0003');
    await console.exited;
    expect(console.output).toContain('interrupted');
    expect(guest.exit).toMatchObject({ kind: 'exited', status: '3' });
  });

  it('says that memory ran out for its command, and blames it for nothing else', async () => {
    const hog = script('x=x; while :; do x=$x$x; done').set('memory_bytes', 16 * MiB);
    await hog.start();
    expect(await ended(hog)).toMatchObject({ kind: 'signalled', status: '9', out_of_memory: '1' });
    const killed = await script('sleep 0.1; kill -9 $$').running();
    expect(await ended(killed)).toMatchObject({ kind: 'signalled', status: '9', out_of_memory: '0' });
  });

  it('looks for a name without a slash in its PATH, and tells what it found last that could not be run', async () => {
    const found = under(['sleep', '1000']).set('env', `PATH=:/etc/passwd:/${'x'.repeat(5000)}:/root:/bin`);
    await found.running();
    expect(found.exec(['/bin/ps']).stdout).toMatch(/ sleep 1000$/m);
    await found.stop();
    expect((await under(['nope']).start()).at(-1)).toBe('error ENOENT exec nope');
    expect((await under(['passwd']).set('env', 'PATH=/bin:/etc').start()).at(-1)).toBe(
      'error EACCES exec passwd',
    );
  });

  it('leaves a start that fails to say why', async () => {
    const guest = under(['/bin/nope']);
    expect((await guest.start()).at(-1)).toBe('error ENOENT exec /bin/nope');
    expect(guest.leftovers()).toEqual([]);
    expect(existsSync(guest.runDir)).toBe(false);
  });
});
