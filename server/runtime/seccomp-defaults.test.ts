import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ociSeccomp } from '../guest/seccomp-schema.ts';
import { defaultProfile } from './seccomp-defaults.ts';

const list = (name: string) =>
  readFileSync(new URL(`../../native/protocol/seccomp/${name}.txt`, import.meta.url), 'utf8');
const lists = (kind: string) => [list('common'), list(kind)];

test.each(['application', 'system'])('the lists of %s make a profile that is one', (kind) => {
  const profile = defaultProfile(lists(kind), []);
  expect(ociSeccomp.parse(profile)).toEqual(profile);
  expect(profile).toMatchObject({ defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 38 });
  const free = profile.syscalls?.[0]?.names ?? [];
  expect(free).toContain('openat2');
  for (const walled of ['socket', 'socketcall', 'clone', 'bpf', 'clone3']) expect(free).not.toContain(walled);
  expect(free.includes('mount')).toBe(kind === 'system');
});

test('exceptions of the lists are conditions of the profile', () => {
  const { syscalls = [] } = defaultProfile(lists('application'), []);
  expect(syscalls).toContainEqual({
    names: ['socket'],
    action: 'SCMP_ACT_ALLOW',
    args: [
      { index: 0, value: 16, op: 'SCMP_CMP_EQ' },
      { index: 2, value: 6, op: 'SCMP_CMP_NE' },
    ],
  });
  expect(syscalls).toContainEqual({
    names: ['clone'],
    action: 'SCMP_ACT_ALLOW',
    args: [{ index: 0, value: 0x7e020000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
  });
});

test('what was learnt is let through, whatever the list of the kind says', () => {
  const { syscalls } = defaultProfile(lists('application'), ['clone', 'fsopen', 'mount']);
  const [first, ...rest] = syscalls ?? [];
  expect(first?.names).toEqual(expect.arrayContaining(['clone', 'fsopen', 'mount']));
  expect(rest.flatMap(({ names }) => names)).not.toContain('mount');
  expect(rest.flatMap(({ names }) => names)).not.toContain('clone');
});

test('a line that is none of theirs is a fault', () => {
  expect(() => defaultProfile(['rule kill_process mkdir'], [])).toThrow('cannot read');
  expect(() => defaultProfile(['errno EOWNGOAL mkdir'], [])).toThrow('no errno EOWNGOAL');
});
