import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { both, type Probe } from '../probe/probe.ts';
import { type Entry, TestGround, TestGuest } from './test-guest.ts';
import { Host } from './test-probes.ts';

const MiB = 1024 * 1024;

let ground: TestGround;
let host: Host;
beforeAll(() => {
  ground = new TestGround();
  host = new Host();
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await ground[Symbol.asyncDispose]();
});

/** What would take from its guest: not for guests that somebody uses. */
function greedy(...act: string[]): Probe[] {
  const [id = ''] = act;
  return [
    {
      id,
      act,
      group: 'limits',
      title: id,
      cve: [],
      wall: 'control group',
      held: both(''),
      nothing: [],
      opens: [],
    },
  ];
}

async function answer(limits: Entry[], act: string[]): Promise<string | undefined> {
  const guest = new TestGuest(ground, 'application', ['/bin/sleep', '1000']);
  for (const [key, value] of limits) guest.set(key, value);
  await using running = await guest.running();
  return host.ask(running, greedy(...act)).get(act[0] ?? '');
}

describe('limits, reached from inside', () => {
  it('no more processes than its limit', async () => {
    expect(await answer([['pids', 20]], ['forks', '60'])).toBe('EAGAIN');
    expect(await answer([['pids', 200]], ['forks', '60'])).toBe('ok');
  });

  it('no more memory than its limit', async () => {
    const limited = (bytes: number): Entry[] => [
      ['memory_bytes', bytes],
      ['swap_bytes', 0],
    ];
    expect(await answer(limited(64 * MiB), ['memory', `${96 * MiB}`])).toBe('SIGKILL');
    expect(await answer(limited(256 * MiB), ['memory', `${96 * MiB}`])).toBe('ok');
  });
});

/** CVE-2026-41579, CVE-2026-47766: runtimes that made links and devices in a /dev that an image had made a link. */
describe('an image whose folders for the kernel are links', () => {
  it.each(['application', 'system'] as const)('leads an %s guest to nothing outside', async (kind) => {
    const outside = mkdtempSync(join(ground.dir, 'outside-'));
    for (const name of ['dev', 'proc', 'sys']) {
      const guest = new TestGuest(ground, kind, ['/bin/sleep', '1000']);
      symlinkSync(outside, join(guest.guestDir, 'upper', name));
      const report = await guest.start();
      expect([name, report.at(-1)]).toEqual([name, expect.stringMatching(/^error (ELOOP|ENOTDIR|EXDEV) /)]);
      expect(readdirSync(outside)).toEqual([]);
      expect(guest.leftovers()).toEqual([]);
      // It is the link that is refused: a folder in its place is not.
      rmSync(join(guest.guestDir, 'upper', name));
      mkdirSync(join(guest.guestDir, 'upper', name));
      await guest.running();
      expect(lstatSync(join(guest.guestDir, 'upper', name)).isDirectory()).toBe(true);
      await guest.stop();
    }
  });
});

/** CVE-2026-30892 was of a runtime's exec and its user; ours takes 1 for user 1. */
it('a command runs as the user that was asked for, with no power of root', async () => {
  await using guest = await new TestGuest(ground, 'system', ['/bin/sleep', '1000']).running();
  for (const [user, ids] of [
    ['0', '0:0'],
    ['1', '1:1'],
    ['1:10', '1:10'],
    ['01000', '1000:1000'],
    ['user', '1000:1000'],
  ] as const) {
    const seen = guest.sh('echo $(id -u):$(id -g); grep CapEff /proc/self/status', ['--user', user]);
    const [shown, capabilities = ''] = seen.stdout.trim().split('\n');
    expect([user, shown]).toEqual([user, ids]);
    expect([user, /[1-9a-f]/.test(capabilities.split('\t')[1] ?? '')]).toEqual([user, user === '0']);
  }
});
