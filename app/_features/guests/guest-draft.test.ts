import { expect, test } from 'vitest';
import { MORE_LIMITS } from '../../../server/guest/schema.ts';
import { commandLineOf, draftOf, findProblems, inputOf } from './guest-draft.ts';

const GIB = 1024 ** 3;
const bounds = { cpu: 8, memory: 4 * GIB, swap: 0, pids: 1000 };
const defaults = {
  name: 'calm-otter',
  image: 'berth/mini',
  kind: 'system' as const,
  projects: ['default', 'web'],
  limits: { ...MORE_LIMITS, cpu: 1, memory: 512 * 1024 ** 2, swap: 0, pids: 512 },
  bounds,
};
const draft = draftOf(defaults);

test('the sheet as it opens has no problem and sends no command', () => {
  expect(findProblems(draft, bounds)).toEqual({});
  expect(inputOf(draft, true)).toEqual({
    name: 'calm-otter',
    image: 'berth/mini',
    kind: 'system',
    limits: draft.limits,
    start: true,
  });
});

test('each wrong value is told at its own field', () => {
  const wrong = {
    ...draft,
    name: 'Not Valid',
    command: `'open`,
    limits: { ...MORE_LIMITS, cpu: 9, memory: Number.NaN, swap: 1, pids: 0 },
  };
  const problems = findProblems(wrong, bounds);
  expect(Object.keys(problems).sort()).toEqual([
    'command',
    'limits.cpu',
    'limits.memory',
    'limits.pids',
    'limits.swap',
    'name',
  ]);
  expect(problems['limits.cpu']).toBe('9 cores is more than this host has: at most 8 cores');
  expect(problems['limits.pids']).toBe('0 is too little: at least 1');
  expect(problems['limits.memory']).toContain('such as 4 GiB');
});

test('the command line says the same as the sheet', () => {
  expect(commandLineOf({ ...draft, command: `sh -c 'a b'` }, true)).toBe(
    `berth guest create calm-otter --image berth/mini --kind system --cpu 1 --memory 512MiB --swap 0 --pids 512 --start -- sh -c 'a b'`,
  );
});
