import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeReport } from '../guest/probe-schema.ts';
import { CliServer } from './cli-fixture.ts';

const KINDS = ['application', 'system'] as const;

let server: CliServer;
beforeAll(async () => {
  server = await CliServer.start();
  const built = await server.berth(['image', 'build', 'berth/mini']);
  if (built.status !== 0) throw new Error(built.stderr);
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** A running guest with these settings, and what becomes of its walls. */
async function probe(
  name: string,
  kind: string,
  isolation: object = {},
): Promise<[status: number | null, ProbeReport]> {
  const options = [
    '--image',
    'berth/mini',
    '--kind',
    kind,
    '--start',
    '--settings',
    JSON.stringify({ isolation }),
  ];
  const command = kind === 'application' ? ['--', 'sleep', '4714'] : [];
  const made = await server.berth(['guest', 'create', name, ...options, ...command]);
  expect(made.stderr).not.toMatch(/^berth:/m);
  expect(made.status).toBe(0);
  return again(name);
}

async function again(name: string): Promise<[status: number | null, ProbeReport]> {
  const { status, stdout, stderr } = await server.berth(['guest', 'probe', name, '--json']);
  if (stdout.length === 0) throw new Error(stderr);
  return [status, JSON.parse(stdout.toString())];
}

const ids = ({ trials }: ProbeReport, state: string) =>
  trials.filter((trial) => trial.state === state).map(({ id }) => id);
const settings = ({ trials }: ProbeReport) => [...new Set(trials.flatMap((trial) => trial.settings))];

describe.each(KINDS)('the walls of %s guests, tried', (kind) => {
  test('hold, and what is tried leaves nothing in the guest', async () => {
    const seen = async () => {
      const look = 'ls -a /; cat /proc/mounts; grep -l "berth[-]probe" /proc/[0-9]*/cmdline';
      return (
        await server.berth(['guest', 'exec', `plain-${kind}`, '--', 'sh', '-c', look])
      ).stdout.toString();
    };
    const [status, report] = await probe(`plain-${kind}`, kind);
    expect([...ids(report, 'open'), ...ids(report, 'weakened')]).toEqual([]);
    expect(status).toBe(0);
    expect(report.guest).toMatchObject({ kind, nesting: false, privileged: false });
    expect(report.counts.held).toBeGreaterThan(process.arch === 'x64' ? 250 : 120);
    expect(ids(report, 'held')).toEqual(
      expect.arrayContaining(['overwrite.self', 'descriptors', 'abstract-socket', 'namespace.network']),
    );
    expect(ids(report, 'held').includes('overwrite.init')).toBe(kind === 'application');
    const was = await seen();
    expect((await again(`plain-${kind}`))[0]).toBe(0);
    expect(await seen()).toBe(was);
    expect(was).not.toMatch(/berth-probe|cmdline/);
  });

  test('are weakened by nesting, and it is said so', async () => {
    const [status, report] = await probe(`nesting-${kind}`, kind, { nesting: true });
    expect(status).toBe(1);
    expect(ids(report, 'open')).toEqual([]);
    expect(settings(report)).toEqual(['isolation.nesting']);
    expect(ids(report, 'weakened')).toEqual(
      expect.arrayContaining(['unshare.user.64', 'fsopen.64', 'fsconfig.64', 'clone3.64']),
    );
    expect(ids(report, 'held')).toEqual(expect.arrayContaining(['bpf.64', 'io_uring_setup.64', 'keyring']));
  });

  test('are weakened by other settings, each of which is named', async () => {
    const [, report] = await probe(`weak-${kind}`, kind, {
      capabilities: { add: ['net_raw', 'wake_alarm', 'audit_control'], drop: [] },
      masked: { add: [], remove: ['/proc/kallsyms'] },
      readOnly: { add: [], remove: ['/proc/sys'] },
      namespaces: { ipc: 'host', uts: 'host' },
      seccomp: { mode: 'profile', profile: { defaultAction: 'SCMP_ACT_ALLOW' } },
    });
    expect(ids(report, 'open')).toEqual([]);
    expect(settings(report).toSorted()).toEqual(
      [
        ...(kind === 'application' ? ['isolation.capabilities.add'] : []),
        'isolation.masked.remove',
        'isolation.namespaces.ipc',
        'isolation.namespaces.uts',
        'isolation.readOnly.remove',
        'isolation.seccomp',
      ].toSorted(),
    );
    const weakened = ids(report, 'weakened');
    expect(weakened).toEqual(
      expect.arrayContaining([
        'mask./proc/kallsyms',
        'namespace.ipc',
        'namespace.uts',
        'add_key.64',
        'unshare.user.64',
      ]),
    );
    expect(weakened.includes('raw.inet.64')).toBe(kind === 'application');
    // What no setting opens.
    expect(weakened.filter((id) => id.endsWith('.x32') || id.startsWith('TIOCSTI'))).toEqual([]);
  });

  test('are not learnt by a filter that only logs', async () => {
    const [, report] = await probe(`log-${kind}`, kind, { seccomp: { mode: 'log' } });
    expect(ids(report, 'open')).toEqual([]);
    expect(settings(report)).toEqual(['isolation.seccomp']);
    const unsharing = report.trials.find(({ id }) => id === 'fsopen.64');
    expect(unsharing).toMatchObject({
      state: 'weakened',
      answer: null,
      why: expect.stringMatching(/learnt/),
    });
    const learnt = await server.berth(['guest', 'learn', `log-${kind}`]);
    expect(learnt.stdout.toString()).not.toMatch(/fsopen|move_mount/);
  });
});

test('a privileged guest has fewer walls, and only some of them', async () => {
  const [status, report] = await probe('wide', 'system', { privileged: true });
  expect(status).toBe(1);
  expect(ids(report, 'open')).toEqual([]);
  expect(settings(report)).toEqual(['isolation.privileged']);
  expect(ids(report, 'weakened')).toEqual(expect.arrayContaining(['namespace.user', 'unmount-mask']));
});

test('in words', async () => {
  const { status, stdout } = await server.berth(['guest', 'probe', 'nesting-system']);
  expect(status).toBe(1);
  expect(stdout.toString()).toMatch(/^weakened +make a user namespace +ok, not EPERM +isolation\.nesting$/m);
  expect(stdout.toString()).toMatch(
    /^\d+ held, \d+ weakened by settings, \d+ with nothing to try on this host$/m,
  );
  const all = await server.berth(['guest', 'probe', 'plain-system', '--all']);
  expect(all.stdout.toString()).toMatch(/^held +load a program into the kernel +EPERM$/m);
});

test('one that does not run or stands still is not tried', async () => {
  await server.json(['guest', 'freeze', 'plain-system']);
  const frozen = await server.berth(['guest', 'probe', 'plain-system']);
  expect([frozen.status, frozen.stderr]).toEqual([4, expect.stringMatching(/it is frozen/)]);
  await server.json(['guest', 'unfreeze', 'plain-system']);
  const none = await server.berth(['guest', 'probe', 'plain-sistem']);
  expect([none.status, none.stderr]).toEqual([3, expect.stringMatching(/plain-system/)]);
});
