import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byI386, installCall } from '../../native/supervisor/test-call.ts';
import { SUPERVISOR, TestGround, TestGuest } from '../../native/supervisor/test-guest.ts';
import { DEFAULT_ISOLATION, type GuestIsolation } from '../guest/isolation-schema.ts';
import type { OciSeccomp } from '../guest/seccomp-schema.ts';
import type { SeccompSubject } from './port.ts';
import { compileSeccomp, seccompPath, staleFiles, writeSeccomp } from './seccomp-filter.ts';
import { DOCKER_PROFILE } from './test-docker-profile.ts';

const nativeDir = dirname(SUPERVISOR);

let ground: TestGround;
beforeAll(() => {
  ground = new TestGround();
  installCall(ground);
});
afterAll(async () => {
  await ground[Symbol.asyncDispose]();
});

type Kind = SeccompSubject['kind'];

function subject(seccomp: GuestIsolation['seccomp'], kind: Kind = 'application'): SeccompSubject {
  return { kind, isolation: { ...DEFAULT_ISOLATION, seccomp } };
}

const profiled = (profile: OciSeccomp, kind: Kind = 'application') =>
  subject({ mode: 'profile', profile }, kind);

/** A guest with the filter that its settings stand for. */
async function guestWith(of: SeccompSubject): Promise<TestGuest> {
  const guest = new TestGuest(ground, of.kind, ['/bin/sleep', '1000']);
  const place = { nativeDir, guestDir: guest.guestDir };
  await writeSeccomp(of, place);
  const entry = guest.spec.find(([key]) => key === 'seccomp');
  if (entry) entry[1] = seccompPath(of, place);
  return guest.running();
}

const call = (guest: TestGuest, ...words: (string | number)[]) =>
  guest.exec(['/bin/call', ...words.map(String)]).stdout.trim();

const i386 = (answer: string) => byI386(ground, answer);

const MKDIR = 83;
const UNSHARE = 272;
const NEWUSER = 0x10000000;
const FCHMODAT2 = 452;
const SOCKET = 41;

describe("a guest with a profile laid out as Docker's", () => {
  let guest: TestGuest;
  beforeAll(async () => {
    guest = await guestWith(profiled(DOCKER_PROFILE));
  });
  afterAll(() => guest.stop());

  it('runs, behind that filter', () => {
    expect(readFileSync(`/proc/${guest.state.init_pid}/status`, 'utf8')).toContain('Seccomp:\t2');
    expect(guest.sh('busybox mkdir /root/a && ls -d /root/a').stdout).toBe('/root/a\n');
    expect(call(guest, SOCKET, 2, 1, 6)).toBe('ok');
    const file = join(guest.guestDir, 'seccomp.bpf');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it.each<[name: string, words: (string | number)[], result: string]>([
    ['a call that it does not name', [UNSHARE, NEWUSER], 'EPERM'],
    ['a value that it excludes', [SOCKET, 40, 1, 0], 'EPERM'],
    ['a value that it allows', [135, 0xffffffff], 'ok'],
    ['a value that it does not allow', [135, 1], 'EPERM'],
    ['flags behind a mask', [56, NEWUSER + 17, 0, 0, 0, 0], 'EPERM'],
    ['an errno of its own', [435, 0, 0], 'ENOSYS'],
    ['a call newer than all that it names', [FCHMODAT2 + 20], 'ENOSYS'],
    ['a subordinate ABI', ['i386-getpid'], 'ok'],
    ['x32', [0x40000000 + 39], 'ENOSYS'],
    ['a keystroke into a terminal', [16, 0, 0x5412, 0], 'EPERM'],
  ])('is answered to %s', (_name, words, result) => {
    expect(call(guest, ...words)).toBe(words[0] === 'i386-getpid' ? i386(result) : result);
  });
});

it('refuses just what a profile refuses, with its errno; without it the same goes', async () => {
  const refuses: OciSeccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 122 }],
  };
  const guest = await guestWith(profiled(refuses));
  expect(guest.sh('busybox mkdir /root/a').stderr).toMatch(/quota exceeded/i);
  expect(call(guest, MKDIR, 0, 0)).toBe('EDQUOT');
  // Only the machine's own ABI is in it.
  expect(call(guest, 'i386-getpid')).toBe(i386('ENOSYS'));
  await guest.stop();

  const control = await guestWith(profiled({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [] }));
  expect(control.sh('busybox mkdir /root/a && ls /root').stdout).toBe('a\n');
  await control.stop();
});

it('kills where a profile says so', async () => {
  const kills: OciSeccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_KILL_PROCESS' }],
  };
  const guest = await guestWith(profiled(kills, 'system'));
  expect(guest.sh('busybox mkdir /root/a; echo $?').stdout).toBe(`${128 + 31}\n`);
  await guest.stop();
});

it('log lets through what the default refuses, but what all guests are refused', async () => {
  const usual = await guestWith(subject({ mode: 'default' }));
  const logged = await guestWith(subject({ mode: 'log' }));
  const answers = (...words: (string | number)[]) => [call(usual, ...words), call(logged, ...words)];
  expect(answers(UNSHARE, NEWUSER)).toEqual(['EPERM', 'ok']);
  expect(answers(56, NEWUSER + 17, 0, 0, 0, 0)).toEqual(['EPERM', 'ok\nok']); // its child says so too
  expect(answers(170, 0, 0)).toEqual(['EPERM', 'EPERM']); // sethostname: the capability is not there
  expect(answers(430, 0, 0)).toEqual(['ENOSYS', 'EPERM']); // fsopen: refused by the kernel itself
  expect(answers(FCHMODAT2 + 500)).toEqual(['ENOSYS', 'ENOSYS']); // there is none
  expect(answers(SOCKET, 38, 5, 0)).toEqual(['EAFNOSUPPORT', 'EAFNOSUPPORT']);
  expect(answers(SOCKET, 16, 3, 6)).toEqual(['ENOSYS', 'ENOSYS']);
  expect(answers(SOCKET, '0x100000010', 3, '0x100000006')).toEqual(['ENOSYS', 'ENOSYS']);
  expect(answers('i386-socket', 38, 5, 0)).toEqual([i386('EAFNOSUPPORT'), i386('EAFNOSUPPORT')]);
  expect(answers('i386-socket', 16, 3, 6)).toEqual([i386('ENOSYS'), i386('ENOSYS')]);
  expect(answers('i386-socketcall', 1)).toEqual([i386('EPERM'), i386('EPERM')]);
  expect(answers(0x40000000 + 39)).toEqual(['ENOSYS', 'ENOSYS']);
  expect(answers(321, 0, 0, 0)).toEqual(['EPERM', 'EPERM']); // bpf
  expect(answers(425, 1, 0)).toEqual(['EPERM', 'EPERM']); // io_uring_setup
  expect(answers(16, 0, 0x5412, 0)).toEqual(['EPERM', 'EPERM']); // TIOCSTI
  await usual.stop();
  await logged.stop();
});

it('nesting lets a guest make user namespaces and use the mount API; what all guests are refused stays so', async () => {
  const guest = await guestWith(subject({ mode: 'nesting' }, 'system'));
  expect(call(guest, UNSHARE, NEWUSER)).toBe('ok');
  expect(call(guest, 430, 0, 0)).toBe('EFAULT');
  expect(call(guest, 435, 0, 0)).toBe('EINVAL');
  expect(call(guest, 321, 0, 0, 0)).toBe('EPERM');
  expect(call(guest, SOCKET, 38, 5, 0)).toBe('EAFNOSUPPORT');
  await guest.stop();
  const nests = { kind: 'system' as const, isolation: { ...DEFAULT_ISOLATION, nesting: true } };
  expect(seccompPath(nests, { nativeDir: '/n', guestDir: '/g' })).toBe('/n/seccomp/nesting.bpf');
});

it('tells what a host does not know, and refuses what no filter can be made of', async () => {
  const odd: OciSeccomp = {
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: [{ names: ['mkdir', 'no_such_call', 'nor_this_one'], action: 'SCMP_ACT_ALLOW' }],
  };
  expect((await compileSeccomp(profiled(odd), nativeDir))?.warnings).toEqual([
    expect.stringMatching(/not known on this host.*: no_such_call, nor_this_one$/),
  ]);
  const values = Array.from({ length: 5000 }, (_, value) => value);
  const large: OciSeccomp = {
    defaultAction: 'SCMP_ACT_ERRNO',
    syscalls: Array.from({ length: 100 }, (_, index) => ({
      names: ['socket'],
      action: 'SCMP_ACT_ALLOW' as const,
      args: values
        .slice(index * 50, index * 50 + 50)
        .map((value) => ({ index: 0, value, op: 'SCMP_CMP_EQ' as const })),
    })),
  };
  await expect(compileSeccomp(profiled(large), nativeDir)).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringMatching(/instructions, the kernel takes 4096/),
    field: ['isolation', 'seccomp', 'profile'],
  });
  const stored = { defaultAction: 'SCMP_ACT_NOTIFY' } as unknown as OciSeccomp;
  await expect(compileSeccomp(profiled(stored), nativeDir)).rejects.toMatchObject({ code: 'bad_input' });
});

it('the filter of a profile goes when the guest has none any more', async () => {
  const guest = new TestGuest(ground, 'application', ['/bin/sleep', '1000']);
  const place = { nativeDir, guestDir: guest.guestDir };
  await writeSeccomp(profiled({ defaultAction: 'SCMP_ACT_ALLOW' }), place);
  expect(readFileSync(join(guest.guestDir, 'seccomp.bpf')).length % 8).toBe(0);
  const filter = seccompPath(profiled({ defaultAction: 'SCMP_ACT_ALLOW' }), place);
  expect(existsSync(filter)).toBe(true);
  expect(staleFiles(subject({ mode: 'default' }), guest.guestDir)).toContain(filter);
  expect(staleFiles(profiled({ defaultAction: 'SCMP_ACT_ALLOW' }), guest.guestDir)).not.toContain(filter);
});

it('calls that i386 hides behind others do not go past conditions, and what it cannot tell apart is refused there', async () => {
  const profile: OciSeccomp = {
    defaultAction: 'SCMP_ACT_ALLOW',
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
    syscalls: [38, 40].map((value) => ({
      names: ['socket'],
      action: 'SCMP_ACT_ERRNO' as const,
      errnoRet: value,
      args: [{ index: 0, value, op: 'SCMP_CMP_EQ' as const }],
    })),
  };
  expect((await compileSeccomp(profiled(profile), nativeDir))?.warnings).toEqual([
    'socket is refused on the ABI x86: its rules cannot be told apart there',
  ]);
  const guest = await guestWith(profiled(profile));
  expect(call(guest, SOCKET, 1, 1, 0)).toBe('ok');
  expect(call(guest, SOCKET, 38, 5, 0)).toBe('ENOSYS'); // 38
  expect(call(guest, SOCKET, 40, 1, 0)).toBe('ELOOP'); // 40
  expect(call(guest, 'i386-socket', 1, 1, 0)).toBe(i386('ENOSYS'));
  expect(call(guest, 'i386-socketcall', 1)).toBe(i386('EPERM'));
  await guest.stop();
  // The control: nothing looks into the arguments of socket.
  const open = await guestWith(profiled({ ...profile, syscalls: [] }));
  expect(call(open, 'i386-socket', 1, 1, 0)).toBe(i386('ok'));
  expect(call(open, 'i386-socketcall', 1)).toBe(i386('EFAULT'));
  await open.stop();
});

it('of two rules for the same the first one counts', async () => {
  const one = (errnoRet: number) => ({ names: ['mkdir'], action: 'SCMP_ACT_ERRNO' as const, errnoRet });
  const guest = await guestWith(profiled({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [one(122), one(1)] }));
  expect(call(guest, MKDIR, 0, 0)).toBe('EDQUOT');
  await guest.stop();
});
