import { expect, it } from 'vitest';
import { toggleCapability } from './capability-section.tsx';
import { toggleAccess } from './device-section.tsx';
import { explainIssues } from './explain-issues.ts';
import { DEFAULT_SETTINGS } from './guest-settings.ts';
import { ruleProblems } from './rule-problems.ts';

it('adds and drops only what is otherwise by default', () => {
  const none = { add: [], drop: [] };
  expect(toggleCapability(none, 'net_raw', false, true)).toEqual({ add: [], drop: ['net_raw'] });
  expect(toggleCapability({ add: [], drop: ['net_raw'] }, 'net_raw', true, true)).toEqual(none);
  expect(toggleCapability(none, 'sys_module', true, false)).toEqual({ add: ['sys_module'], drop: [] });
  expect(toggleCapability({ add: ['sys_module'], drop: ['kill'] }, 'sys_module', false, false)).toEqual({
    add: [],
    drop: ['kill'],
  });
});

it('writes the access to a device in the order that the kernel takes', () => {
  expect(toggleAccess('m', 'r', true)).toBe('rm');
  expect(toggleAccess('rm', 'w', true)).toBe('rwm');
  expect(toggleAccess('rwm', 'r', false)).toBe('wm');
  expect(toggleAccess('r', 'r', false)).toBe('');
});

it('tells the rules of namespaces as they are chosen, and looks at nobody while none is', () => {
  const peers = [
    { name: 'db', kind: 'system', isolation: DEFAULT_SETTINGS.isolation, running: false },
  ] as const;
  const problems = (namespaces: Record<string, string>) =>
    ruleProblems(
      { name: 'web', kind: 'system', isolation: { ...DEFAULT_SETTINGS.isolation, namespaces } },
      peers,
    ).map(({ field }) => field.join('.'));
  expect(problems({})).toEqual([]);
  expect(problems({ network: 'guest:db' })).toEqual([]);
  expect(problems({ network: 'guest:nobody' })).toEqual(['isolation.namespaces.network']);
  expect(problems({ pid: 'host' })).toEqual(['isolation.namespaces.pid']);
});

it('has nothing to explain where nothing is wrong', () => {
  expect(explainIssues({ issues: [] })).toEqual([]);
});
