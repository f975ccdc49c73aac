import { expect, test } from 'vitest';
import { ociSeccomp } from '../guest/seccomp-schema.ts';
import { type SeccompHost, seccompList } from './seccomp-list.ts';
import { DOCKER_PROFILE } from './test-docker-profile.ts';

const host: SeccompHost = { architecture: 'x64', kernel: '6.1.0-56-amd64', capabilities: ['sys_chroot'] };

function lines(profile: unknown, on: SeccompHost = host): string[] {
  return seccompList(ociSeccomp.parse(profile), on).text.trimEnd().split('\n');
}

test("Docker's profile becomes a list for this machine and these capabilities", () => {
  const list = lines(DOCKER_PROFILE);
  expect(list.slice(0, 4)).toEqual([
    'default errno 1',
    'abi x86_64 x86',
    'never EPERM ioctl arg1 0x5412 0x541c',
    'newer-unknown',
  ]);
  expect(list).toContain('never EPERM socketcall arg0 1');
  expect(list.filter((line) => line.startsWith('never'))).toHaveLength(2);
  expect(list).toContain('rule allow openat2');
  expect(list).toContain('rule allow socket if arg0 != 40');
  expect(list).toContain('rule allow personality if arg0 == 4294967295');
  expect(list).toContain('rule allow clone if arg0 & 2114060288 == 0');
  expect(list).toContain('rule errno 38 clone3');
  expect(list).toContain('rule allow arch_prctl');
  expect(list).toContain('rule allow chroot');
  for (const gone of ['bpf', 'unshare', 'swapcontext', 'open_by_handle_at'])
    expect(list).not.toContain(`rule allow ${gone}`);
  expect(seccompList(DOCKER_PROFILE, host).warnings).toEqual([
    'system calls of the x32 ABI stay refused, though the profile has SCMP_ARCH_X32',
  ]);
});

test('capabilities, kernels and machines decide which rules there are', () => {
  const powerful = lines(DOCKER_PROFILE, { ...host, capabilities: ['sys_admin'] });
  expect(powerful).toContain('rule allow unshare');
  expect(powerful).not.toContain('rule allow clone if arg0 & 2114060288 == 0');
  expect(powerful).not.toContain('rule allow chroot');
  expect(lines(DOCKER_PROFILE, { ...host, kernel: '4.7.9' })).not.toContain('rule allow ptrace');
  expect(lines(DOCKER_PROFILE, { ...host, kernel: '10.0' })).toContain('rule allow ptrace');
  const arm = lines(DOCKER_PROFILE, { ...host, architecture: 'arm64' });
  expect(arm).toContain('abi aarch64 arm');
  expect(arm).not.toContain('rule allow arch_prctl');
});

test('two conditions on one argument are alternatives, on different ones they hold together', () => {
  const args = (second: number) => [
    { index: 0, value: 1, op: 'SCMP_CMP_GE' },
    { index: second, value: 5, op: 'SCMP_CMP_LT' },
  ];
  const profile = (second: number) => ({
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ name: 'dup2', action: 'SCMP_ACT_KILL_PROCESS', args: args(second) }],
  });
  expect(lines(profile(1)).slice(3)).toEqual(['rule kill_process dup2 if arg0 >= 1 && arg1 < 5']);
  expect(lines(profile(0)).slice(3)).toEqual([
    'rule kill_process dup2 if arg0 >= 1',
    'rule kill_process dup2 if arg0 < 5',
  ]);
});

test('only the machine itself is there where the profile names no architecture', () => {
  expect(lines({ defaultAction: 'SCMP_ACT_LOG' })[1]).toBe('abi x86_64');
  expect(lines({ defaultAction: 'SCMP_ACT_LOG', architectures: ['SCMP_ARCH_X86'] })[1]).toBe(
    'abi x86_64 x86',
  );
});

test('flags that change what the profile means are told', () => {
  const flags = ['SECCOMP_FILTER_FLAG_TSYNC', 'SECCOMP_FILTER_FLAG_LOG'];
  const { warnings } = seccompList(ociSeccomp.parse({ defaultAction: 'SCMP_ACT_TRAP', flags }), host);
  expect(warnings).toEqual(['SECCOMP_FILTER_FLAG_LOG is not used: filters are installed without flags']);
});

const rule = (more: object) => ({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_ERRNO', ...more }],
});
test.each([
  [{}, ['defaultAction'], /there is no action undefined/],
  [{ defaultAction: 'SCMP_ACT_ALOW' }, ['defaultAction'], /did you mean SCMP_ACT_ALLOW/],
  [{ defaultAction: 'SCMP_ACT_NOTIFY' }, ['defaultAction'], /needs a program that answers/],
  [{ defaultAction: 'SCMP_ACT_LOG', excludess: [] }, [], /excludess/],
  [{ defaultAction: 'SCMP_ACT_LOG', listenerPath: '/x' }, ['listenerPath'], /SCMP_ACT_NOTIFY/],
  [rule({ action: 'ERRNO' }), ['syscalls', 0, 'action'], /there is no action ERRNO/],
  [rule({ errnoRet: 5000 }), ['syscalls', 0, 'errnoRet'], /0 to 4095/],
  [rule({ names: ['mkdir\nrule allow bpf'] }), ['syscalls', 0, 'names', 0], /named as openat2/],
  [rule({ names: [] }), ['syscalls', 0, 'names'], /at least one/],
  [rule({ name: 'rmdir' }), ['syscalls', 0, 'names'], /either names or name/],
  [
    rule({ args: [{ index: 6, value: 0, op: 'SCMP_CMP_EQ' }] }),
    ['syscalls', 0, 'args', 0, 'index'],
    /arguments 0 to 5/,
  ],
  [
    rule({ args: [{ index: 0, value: 0, op: 'SCMP_CMP_IN' }] }),
    ['syscalls', 0, 'args', 0, 'op'],
    /there is no comparison SCMP_CMP_IN/,
  ],
  [
    rule({ args: [{ index: 0, value: 2 ** 63, op: 'SCMP_CMP_EQ' }] }),
    ['syscalls', 0, 'args', 0, 'value'],
    /safe|at most/i,
  ],
  [rule({ includes: { caps: ['SYS_ADMIN'] } }), ['syscalls', 0, 'includes', 'caps', 0], /CAP_SYS_ADMIN/],
  [rule({ excludes: { minKernel: 'new' } }), ['syscalls', 0, 'excludes', 'minKernel'], /4\.8/],
])('%j is refused where it is wrong', (profile, path, message) => {
  const { error } = ociSeccomp.safeParse(profile);
  expect(error?.issues[0]?.path).toEqual(path);
  expect(error?.issues[0]?.message).toMatch(message);
});

test('sizes are bounded', () => {
  const names = Array.from({ length: 1000 }, () => 'mkdir');
  const syscalls = Array.from({ length: 9 }, () => ({ names, action: 'SCMP_ACT_ALLOW' }));
  const { error } = ociSeccomp.safeParse({ defaultAction: 'SCMP_ACT_LOG', syscalls });
  expect(error?.issues[0]?.message).toMatch(/at most 8,192 system calls/);
});
