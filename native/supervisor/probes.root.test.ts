import { copyFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAPABILITY_NAMES } from '../probe/power-probes.ts';
import type { Probe, Subject } from '../probe/probe.ts';
import { PROBES } from '../probe/probes.ts';
import walls from '../protocol/walls.json' with { type: 'json' };
import { type Entry, INIT, RELEASE, TestGround, TestGuest } from './test-guest.ts';
import {
  deviceNumbers,
  Host,
  MARK,
  markFilter,
  ofWall,
  openFilter,
  PROBE,
  red,
  runWithKeyring,
} from './test-probes.ts';

const SUBJECTS = {
  application: { kind: 'application', nesting: false },
  system: { kind: 'system', nesting: false },
  'nesting system': { kind: 'system', nesting: true },
  'nesting application': { kind: 'application', nesting: true },
} as const satisfies Record<string, Subject>;
type Name = keyof typeof SUBJECTS;
const NAMES = Object.keys(SUBJECTS) as Name[];
const ALL_CAPABILITIES = ((1n << BigInt(CAPABILITY_NAMES.length)) - 1n).toString(16);

let ground: TestGround;
let host: Host;
/** Of guests with all their walls. */
const held = {} as Record<Name, Map<string, string>>;
/** Probes that were red in a guest without their wall. */
const controlled = new Set<string>();

beforeAll(async () => {
  ground = new TestGround();
  host = new Host();
  copyFileSync(PROBE, join(ground.image, 'bin/probe'));
  for (const name of NAMES) {
    await using guest = await make(SUBJECTS[name]).running();
    held[name] = host.ask(guest);
  }
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  await ground[Symbol.asyncDispose]();
});

/** A guest with the walls of its kind, as the server makes it. */
function make({ kind, nesting }: Subject, more: Entry[] = []): TestGuest {
  const init: Entry[] = kind === 'application' ? [['init', INIT]] : [];
  const guest = new TestGuest(ground, kind, ['/bin/sleep', '1000'], [...init, ...more]);
  if (!nesting) return guest;
  guest.set('seccomp', join(RELEASE, 'seccomp/nesting.bpf'));
  without(guest, 'read_only');
  guest.spec.push(['nesting', 1], ...walls.nesting.readOnly.map((path): Entry => ['read_only', path]));
  return guest;
}

function without(guest: TestGuest, ...keys: string[]): TestGuest {
  for (let at = guest.spec.length - 1; at >= 0; at--)
    if (keys.includes(guest.spec[at]?.[0] ?? '')) guest.spec.splice(at, 1);
  return guest;
}

type Answers = [id: string, answer: string | undefined][];

/** What a guest without a wall answers to the probes of that wall. */
async function answersOf(guest: TestGuest, probes: readonly Probe[]): Promise<Answers> {
  await using running = await guest.running();
  return pick(host.ask(running, probes), probes);
}

/** Answers to these probes; those that are not what any guest with its walls answers count as red. */
function pick(answers: Map<string, string>, probes: readonly Probe[]): Answers {
  return probes.map(({ id, held: usual, nesting }) => {
    const answer = answers.get(id);
    if (![usual.application, usual.system, nesting].includes(answer)) controlled.add(id);
    return [id, answer];
  });
}

/** Every one of them is red. */
function expectRed(answers: Answers, subject: Subject): void {
  const probes = PROBES.filter(({ id }) => answers.some(([one]) => one === id));
  expect(probes.length).toBeGreaterThan(0);
  const found = red(new Map(answers.map(([id, answer]) => [id, answer ?? ''])), subject, probes);
  expect(found.map((line) => line.split(': ')[0])).toEqual(probes.map(({ id }) => id));
}

const named = (...ids: string[]) => PROBES.filter(({ id }) => ids.includes(id));
const each = (probes: readonly Probe[], answer: string | ((probe: Probe) => string)): Answers =>
  probes.map((probe) => [probe.id, typeof answer === 'string' ? answer : answer(probe)]);

describe('the list of probes', () => {
  it('has each once, at least 60 things by several entries', () => {
    const ids = PROBES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(ids.map((id) => id.replace(/\.(64|i386|x32)$/, ''))).size).toBeGreaterThan(60);
  });
});

describe.each(NAMES)('a guest that is: %s', (name) => {
  it('is refused what its walls refuse, with their answers', () => {
    expect(red(held[name], SUBJECTS[name])).toEqual([]);
    // Most have something to try on any host.
    const tried = PROBES.filter(({ id, nothing }) => !nothing.includes(held[name].get(id) ?? ''));
    expect(tried.length).toBeGreaterThan(process.arch === 'x64' ? 300 : 150);
  });
});

describe('each probe is red without its wall:', () => {
  it.each(NAMES)('the filter of system calls of: %s', async (name) => {
    const subject = SUBJECTS[name];
    // Not those that find another wall behind what nesting permits.
    const probes = ofWall('filter', held[name], subject).filter(
      ({ nesting }) => !(subject.nesting && nesting),
    );
    const list = subject.nesting ? 'nesting' : subject.kind;
    // Each refusal comes from the filter, whatever the kernel would say itself.
    const marked = await answersOf(make(subject).set('seccomp', markFilter(ground, list)), probes);
    expect(marked).toEqual(each(probes, MARK));
    // Where it lets all through most get further. What does not stands before a second wall: it lacks a capability, or the
    // kernel has no such thing. How many are tried is the kernel's, too: some have no 32-bit calls.
    const open = await answersOf(make(subject).set('seccomp', openFilter(ground)), probes);
    const further = open.filter(([id, answer]) => answer !== held[name].get(id)).map(([id]) => id);
    expect(further.length).toBeGreaterThan(probes.length * 0.4);
    const always = ['add_key', 'io_uring_setup', 'kcmp'];
    const unlessNesting = [
      'keyctl',
      'fsopen',
      'fsconfig',
      'open_tree',
      'clone3',
      'unshare.user',
      'clone.user',
    ];
    const wanted = [...always, ...(subject.nesting ? [] : unlessNesting)].map((call) => `${call}.64`);
    const there = new Set(probes.map(({ id }) => id));
    expect(further).toEqual(expect.arrayContaining(wanted.filter((id) => there.has(id))));
    expect(further).toContain('TIOCSTI.own');
  });

  it.runIf(process.arch === 'x64')('the entry of x32', async () => {
    const probes = ofWall('x32', held.system, SUBJECTS.system);
    const answers = await answersOf(make(SUBJECTS.system).set('seccomp', openFilter(ground)), probes);
    expect(answers).toEqual(each(probes, MARK));
  });

  it('capabilities', async () => {
    const probes = ofWall('capabilities', held.application, SUBJECTS.application);
    expect(probes.length).toBeGreaterThan(30);
    const guest = make(SUBJECTS.application).set('capabilities', ALL_CAPABILITIES);
    expect(await answersOf(guest, probes)).toEqual(each(probes, 'ok'));
    const system = ofWall('capabilities', held.system, SUBJECTS.system).map(({ id }) => id);
    expect(probes.map(({ id }) => id)).toEqual(expect.arrayContaining(system));
  });

  it('masks, read-only paths, and that no proc may be mounted beside them', async () => {
    const subject = SUBJECTS.system;
    await using guest = await without(make(subject), 'mask', 'read_only').running();
    for (const wall of ['masks', 'read-only'] as const) {
      const probes = ofWall(wall, held.system, subject);
      expectRed(pick(host.ask(guest, probes), probes), subject);
    }
    const mounts = ofWall('hidden proc', held.system, subject);
    expect(pick(host.ask(guest, mounts), mounts)).toEqual(each(mounts, 'ok'));
    // What is mounted in the probe's own namespace is gone with it.
    expect(guest.sh('ls -a / | grep berth-probe').stdout).toBe('');
  });

  it('what of /sys is read-only', async () => {
    const subject = SUBJECTS['nesting system'];
    const probes = ofWall('sysfs', held['nesting system'], subject).map((probe) => ({
      ...probe,
      act: probe.act.map((word) => word.replace(/^\/sys/, '/dev/.berth/sys')),
    }));
    expectRed(await answersOf(make(subject), probes), subject);
  });

  it('no_new_privs and hidden processes', async () => {
    const guest = without(make(SUBJECTS.application).set('no_new_privs', 0), 'proc_option');
    expect(await answersOf(guest, named('no_new_privs', 'hidepid'))).toEqual([
      ['hidepid', 'ok'],
      ['no_new_privs', '0'],
    ]);
  });

  it('a user namespace of its own, in which mounts are locked and nodes are none', async () => {
    const subject = SUBJECTS.system;
    const mknod = (BigInt(`0x${walls.privileged.system.capabilities}`) | (1n << 27n)).toString(16);
    const privileged = (more: Entry[]) =>
      make(subject, [['namespace', 'user=host'], ...more]).set('capabilities', mknod);
    const rules = ['c 1:1 rwm', 'c 1:11 rwm', 'b 7:* rwm', 'b 8:* rwm'].map(
      (rule): Entry => ['device', rule],
    );
    const nodes = PROBES.filter(({ id }) => id.startsWith('mknod.'));
    const probes = [
      ...nodes,
      ...ofWall('locked mounts', held.system, subject),
      ...ofWall('control group', held.system, subject),
    ];
    expect(await answersOf(privileged(rules), probes)).toEqual(each(probes, 'ok'));
    // Of devices the filter refuses those that are not in its list.
    const filtered = each(nodes, ({ id }) => (id === 'mknod.null' ? 'ok' : 'EPERM'));
    expect(await answersOf(privileged([]), nodes)).toEqual(filtered);
    const agent = ofWall('user namespace', held.system, subject).filter(({ id }) => id === 'release-agent');
    expect(await answersOf(privileged([['namespace', 'cgroup=host']]), agent)).toEqual(each(agent, 'ok'));
    // An application's control group belongs to root of the host, a system's to its own.
    const group = ofWall('control group', held.application, SUBJECTS.application).map(({ id }) => id);
    expect(group).toContain('limit.cgroup.procs');
    expect(pick(held.system, named('limit.cgroup.procs'))).toEqual([['limit.cgroup.procs', 'ok']]);
  });

  it('namespaces of its own', async () => {
    const subject = SUBJECTS.application;
    const probes = ofWall('namespaces', held.application, subject).filter(
      ({ id }) => id !== 'namespace.mount',
    );
    const names = ['user', 'network', 'ipc', 'uts', 'pid', 'cgroup', 'time'];
    const shared = names.map((name): Entry => ['namespace', `${name}=host`]);
    const guest = make(subject, shared).set('capabilities', walls.privileged.application.capabilities);
    const answer = ({ id }: Probe) => (id === 'abstract-socket' ? 'ok' : 'shared');
    expect(await answersOf(guest, probes)).toEqual(each(probes, answer));
    const mount = named('namespace.mount');
    expect(pick(host.run([PROBE], mount), mount)).toEqual(each(mount, 'shared'));
  });

  it('what of devices is in a guest, and the filter of devices', async () => {
    const subject = SUBJECTS.application;
    const found = PROBES.filter(({ wall, act }) => wall === 'no device' && existsSync(act[1] ?? ''));
    expect(found.length).toBeGreaterThan(3);
    const plugged = (access: string) =>
      found.map(({ act: [, path = ''] }): Entry => {
        return ['guest_device', `${deviceNumbers(statSync(path), access)} ${path} ${path} 666 0 0`];
      });
    expectRed(await answersOf(make(subject, plugged('rw')), found), subject);
    // There, but no rule of the filter lets it be read.
    expect(await answersOf(make(subject, plugged('m')), found)).toEqual(each(found, 'EPERM'));
  });

  it('what is mounted at /proc, /sys and /dev', async () => {
    const subject = SUBJECTS.system;
    await using guest = await make(subject).running();
    const nodes = ['null', 'zero', 'full', 'random', 'urandom', 'tty', 'console'];
    const turned = nodes.map(
      (name) => `mount -o bind /dev/${name === 'zero' ? 'ptmx' : 'zero'} /dev/${name}`,
    );
    const cover = (...paths: string[]) => paths.map((path) => `mount -t tmpfs none ${path}`);
    const change = (commands: string[]) =>
      expect(guest.sh(commands.join(' && '))).toMatchObject({ status: 0, stderr: '' });
    const first = named(...nodes.map((name) => `kind./dev/${name}`), 'kind./dev/pts', 'kind./sys/fs/cgroup');
    change([...turned, ...cover('/sys/fs/cgroup', '/dev/pts')]);
    expectRed(pick(host.ask(guest, first), first), subject);
    const then = named('kind./proc', 'kind./sys', 'kind./dev');
    change(['mount -t devpts none /dev', ...cover('/sys', '/proc')]);
    expectRed(pick(host.ask(guest, then), then), subject);
  });

  it('how a program comes in', async () => {
    const probes = named('descriptors', 'working-folder', 'overwrite.self', 'keyring');
    await using guest = await make(SUBJECTS['nesting system']).running();
    // By a way that cleans nothing, with a keyring, a descriptor and a folder of the host.
    const pid = guest.state.init_pid ?? '';
    const leaky = `exec 9< ${ground.dir}; exec nsenter -t ${pid} -a --wd=${ground.dir} /bin/probe`;
    const answers = pick(host.run(runWithKeyring(ground, ['/bin/sh', '-c', leaky]), probes), probes);
    expect(Object.fromEntries(answers)).toEqual({
      descriptors: expect.stringMatching(/\d/),
      'working-folder': 'outside',
      'overwrite.self': 'ok',
      keyring: 'of others',
    });
    // By Berth's, from the same place.
    const entered = host.enter(guest, runWithKeyring(ground, []), probes);
    expect(red(entered, SUBJECTS['nesting system'], probes)).toEqual([]);
    // An application without Berth's init has a program of its own, which it may write.
    const init = named('overwrite.init');
    expect(await answersOf(without(make(SUBJECTS.application), 'init'), init)).toEqual(each(init, 'ok'));
  });

  it('a root that is not just a folder', () => {
    const probes = named('leave-root');
    const answers = host.run(['/usr/sbin/chroot', ground.image, '/bin/probe'], probes);
    expect(pick(answers, probes)).toEqual(each(probes, 'ok'));
  });

  it('and none was forgotten that this host has something for', () => {
    const tried = PROBES.filter((probe) =>
      NAMES.some(
        (name) =>
          red(new Map([[probe.id, '']]), SUBJECTS[name], [probe]).length > 0 &&
          !probe.nothing.includes(held[name].get(probe.id) ?? ''),
      ),
    );
    const absent = ({ wall, act }: Probe) => wall === 'no device' && !existsSync(act[1] ?? '');
    expect(tried.filter((probe) => !controlled.has(probe.id) && !absent(probe)).map(({ id }) => id)).toEqual(
      [],
    );
  });
});
