import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENTER, RELEASE, TestGround, TestGuest } from '../supervisor/test-guest.ts';
import { EMULATED } from '../supervisor/test-machine.ts';

const CHECK = join(RELEASE, 'race-check');
const ROUNDS = 10_000;
/** The control ends with its first escape; these are far more than it ever took. */
const CONTROL_ROUNDS = 5_000_000;
/** ms; emulated and beside other work, the slowest of these races takes some 90 s for its rounds. */
const PATIENCE = EMULATED ? 590_000 : 110_000;
/** In a running guest each round starts a program: these in CI, 10,000 by `berth soak races`. */
const GUEST_ROUNDS = Number(process.env.BERTH_RACE_ROUNDS ?? 40);
/** ms; a round starts two programs, on a machine with other work. */
const GUEST_PATIENCE = Math.max(PATIENCE, GUEST_ROUNDS * 1000);

interface Outcome {
  rounds: number;
  worked: number;
  refused: number;
  escaped: number;
  swaps: number;
}

/** Hold a race (race.h). */
function race(name: string, rounds: number, ...more: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(CHECK, [name, `${rounds}`, ...more], {
    encoding: 'utf8',
    timeout: PATIENCE,
  });
  if (status !== 0) throw new Error(`race-check ${name} ended with ${status}: ${stderr}`);
  const words = stdout.trim().split(' ');
  const count = (word: string) => Number(words[words.indexOf(word) + 1]);
  return {
    rounds: count('rounds'),
    worked: count('worked'),
    refused: count('refused'),
    escaped: count('escaped'),
    swaps: count('swaps'),
  };
}

// What each is about stands in mounts.cc, files.cc and covers.cc.
describe.each([
  'target',
  'file-target',
  'unmount',
  'source',
  'lxcfs',
  'identity',
  'account',
  'workdir',
  'removal',
  'masks',
  'read-only',
  'device',
  'stray-mount',
  'learned',
])('while what is on its way is exchanged for links that lead out: %s', (name) => {
  it(`nothing outside is reached in ${ROUNDS} rounds`, () => {
    const outcome = race(name, ROUNDS);
    expect(outcome.escaped).toBe(0);
    expect(outcome.rounds).toBeGreaterThanOrEqual(ROUNDS);
    // It was a race: the verb got through in some rounds, and what is on the way was exchanged all the time.
    expect(outcome.worked).toBeGreaterThan(0);
    expect(outcome.swaps).toBeGreaterThanOrEqual(ROUNDS / 10);
  });

  it('the control: by path it is', () => {
    expect(race(name, CONTROL_ROUNDS, 'naive').escaped).toBe(1);
  });
});

describe('a running guest whose root exchanges without a pause', () => {
  let ground: TestGround;
  let guest: TestGuest;
  beforeAll(async () => {
    ground = new TestGround();
    copyFileSync(CHECK, join(ground.image, 'bin/race-check'));
    guest = await new TestGuest(ground, 'system', ['/bin/sleep', '1000']).running();
  });
  afterAll(() => ground?.[Symbol.asyncDispose]());

  /** Exchange two paths of the guest, from inside, until the end of the scope. */
  function exchanging(one: string, other: string): Disposable {
    const racer = spawn(ENTER, [
      'exec',
      '--run-dir',
      guest.runDir,
      '--',
      '/bin/race-check',
      'swap',
      one,
      other,
    ]);
    return { [Symbol.dispose]: () => void racer.kill('SIGKILL') };
  }

  it(
    'neither gets a mount outside nor loses one of the host',
    () => {
      const outside = join(ground.dir, 'outside');
      const shared = join(ground.dir, 'shared');
      for (const folder of [outside, shared]) mkdirSync(folder);
      guest.sh(`mkdir -p /way/on; ln -s ${outside} /link`);
      const plug = (verb: string, target: string) =>
        spawnSync(ENTER, [verb, '--run-dir', guest.runDir, `rw,idmap ${shared} ${target}`], {
          encoding: 'utf8',
          timeout: 30_000,
        });
      const said = new Set<string>();
      {
        using _racer = exchanging('/way', '/link');
        for (let round = 0; round < GUEST_ROUNDS; round++) {
          for (const verb of ['mount', 'unmount']) {
            const { status, stderr } = plug(verb, '/way/on');
            said.add(status === 0 ? 'done' : stderr.trim());
          }
          expect(existsSync(join(outside, 'on'))).toBe(false);
        }
      }
      // The last mount is still there where its unmount met the other of the two.
      const isMounted = () =>
        / \/(way|link)\/on /.test(readFileSync(`/proc/${guest.state.init_pid}/mountinfo`, 'utf8'));
      for (let tries = 0; isMounted() && tries < 100; tries++)
        for (const target of ['/way/on', '/link/on']) plug('unmount', target);
      expect(isMounted()).toBe(false);
      expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(outside);
      for (const one of said)
        expect(one).toMatch(/^(done|error (ELOOP|ENOENT|ENOTDIR|EEXIST|EBUSY|EINVAL) )/);
      expect(said).toContain('done');
    },
    GUEST_PATIENCE,
  );

  // Where a passwd is none, who a command runs as is not found, and nobody waits for it.
  it.each([
    ['a pipe', 'mknod /etc/passwd p'],
    ['a device', 'mknod /etc/passwd c 1 5 || ln -s /dev/zero /etc/passwd'],
    ['a folder', 'mkdir /etc/passwd'],
    ['a link that leads nowhere', 'ln -s /nowhere /etc/passwd'],
    ['a link into proc', 'ln -s /proc/1/environ /etc/passwd'],
  ])('runs nothing as a user of a passwd that is %s', (_what, make) => {
    guest.sh(`cp /etc/passwd /etc/aside; rm -r /etc/passwd; ${make}`);
    try {
      const { status, stderr } = guest.exec(['id', '-u'], ['--user', 'user']);
      expect([status === 0, stderr.trim()]).toEqual([
        false,
        expect.stringContaining('cannot find the user user'),
      ]);
    } finally {
      guest.sh('rm -rf /etc/passwd; cp /etc/aside /etc/passwd');
    }
    // The control: with its passwd it is found.
    expect(guest.exec(['id', '-u'], ['--user', 'user']).stdout.trim()).toBe('1000');
  });

  it(
    'gets no command begun outside, nor as somebody else',
    () => {
      guest.sh(
        'mkdir /work; ln -s /proc/self/fd/5 /five; cp /etc/passwd /etc/mine; rm /etc/passwd; cp /etc/mine /etc/passwd',
      );
      guest.sh('cat /bin/busybox > /dev/null; mknod /etc/pipe p');
      using _work = exchanging('/work', '/five');
      using _passwd = exchanging('/etc/passwd', '/etc/pipe');
      const said = new Set<string>();
      for (let round = 0; round < GUEST_ROUNDS; round++) {
        const { stdout, stderr } = guest.exec(['pwd'], ['--user', 'user', '--workdir', '/work']);
        said.add(stdout.trim() || stderr.trim());
      }
      for (const one of said) {
        expect(one).toMatch(
          /^(\/work|\/proc\/\S*|\/|berth: cannot (chdir \/work|find the user user|run pwd)\b.*)$/,
        );
      }
    },
    GUEST_PATIENCE,
  );
});

describe('what an image or a guest has laid in the way of a start', () => {
  let ground: TestGround;
  let outside: string;
  beforeAll(() => {
    ground = new TestGround();
    outside = join(ground.dir, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'null'), 'of the host');
    mkdirSync(join(outside, 'sys'));
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  /** Start a guest whose upper layer has these links; the last line of its report. */
  async function startWith(links: Record<string, string>): Promise<{ guest: TestGuest; last: string }> {
    const guest = new TestGuest(ground, 'system', ['/bin/sleep', '1000']);
    for (const [path, target] of Object.entries(links))
      symlinkSync(target, join(guest.guestDir, 'upper', path));
    return { guest, last: (await guest.start()).at(-1) ?? '' };
  }
  const untouched = () => readFileSync(join(outside, 'null'), 'utf8') === 'of the host';

  // A mount of proc or sys elsewhere would leave masks and labels writing into what the image chose (CVE-2019-19921, 2025-52881).
  it.each([
    ['proc', 'CVE-2019-19921'],
    ['sys', 'CVE-2025-52881'],
    ['dev', 'CVE-2025-31133'],
  ])('/%s as a link is refused (%s)', async (path) => {
    const { guest, last } = await startWith({ [path]: outside });
    expect(last).toMatch(/^error (ELOOP|ENOTDIR) /);
    expect(guest.leftovers()).toEqual([]);
    expect(untouched()).toBe(true);
    await guest.stop();
  });

  // Managers that keep what belongs to a guest beside its root, in the same tree as an image or an archive unpacks to, followed links of
  // those names (CVE-2026-48749 rootfs, -48750 exec-output, -48752 templates, with hostname and hosts in the way).
  it('links in the names of what the host keeps of a guest are files of the guest, and no more', async () => {
    const names = [
      'rootfs',
      'exec-output',
      'templates',
      'console',
      'exit',
      'spec',
      'learned',
      'upper',
      'work',
    ];
    const guest = new TestGuest(ground, 'system', ['/bin/sleep', '1000']);
    const upper = join(guest.guestDir, 'upper');
    for (const name of names) symlinkSync(outside, join(upper, name));
    mkdirSync(join(upper, 'etc'), { recursive: true });
    linkSync(join(outside, 'null'), join(upper, 'etc/hostname'));
    execFileSync('mkfifo', [join(upper, 'etc/hosts')]);
    execFileSync('mknod', [join(upper, 'etc/resolv.conf'), 'c', '1', '5']);
    const before = readdirSync(outside);
    await using running = await guest.running();
    // Whoever writes there from outside by name is led astray: the control.
    expect(existsSync(join(upper, 'templates', 'null'))).toBe(true);
    // Inside it leads nowhere.
    expect(running.sh('ls /templates/ /exec-output/').status).not.toBe(0);
    expect(running.exec(['echo', 'said']).stdout).toBe('said\n');
    await running.stop();
    expect(readdirSync(outside)).toEqual(before);
    expect(untouched()).toBe(true);
    for (const name of names) expect(readlinkSync(join(upper, name))).toBe(outside);
    expect(lstatSync(join(upper, 'etc/hostname'))).toMatchObject({ nlink: 1 });
  });

  // Masks come from the host's own null, the console from the guest's new devpts: neither is found by a path of the guest.
  it('links in /dev of the image count for nothing (CVE-2025-31133, CVE-2025-52565)', async () => {
    const guest = new TestGuest(ground, 'system', ['/bin/sleep', '1000']);
    const dev = join(guest.guestDir, 'upper/dev');
    mkdirSync(dev);
    symlinkSync(join(outside, 'null'), join(dev, 'null'));
    symlinkSync('/proc/sys/kernel/core_pattern', join(dev, 'console'));
    symlinkSync(outside, join(dev, 'pts'));
    await using running = await guest.running();
    expect(
      running.sh(
        'ls -l /dev/null /dev/console /dev/pts/ptmx | cut -c1 | tr -d "\\n"; test ! -s /proc/kcore; echo $?',
      ).stdout,
    ).not.toContain('l');
    // The control: the mask holds, where it would be the link's target otherwise.
    expect(running.sh('head -c 1 /proc/kcore | wc -c').stdout).toBe('0\n');
    expect(running.sh('echo x > /proc/sys/kernel/core_pattern').status).not.toBe(0);
    expect(untouched()).toBe(true);
  });
});
