import { expect, it } from 'vitest';
import { lineInJson, readProfile } from './read-profile.ts';

it('reads a profile as Docker has them', () => {
  const profile = {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 1,
    syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW' }],
  };
  expect(readProfile(JSON.stringify(profile))).toEqual({ profile, problems: [] });
});

it.each([
  ['', 1, 'paste a profile'],
  ['{\n  "defaultAction": "SCMP_ACT_ALLOW",\n  "syscalls": [}\n', 3, 'no JSON'],
  ['{\n  "defaultAction": "SCMP_ACT_ALLOW"', 2, 'no JSON'],
  ['{\n  "architectures": [],\n  "defaultAction": "allow"\n}', 3, 'there is no action allow'],
  ['{}', 1, 'defaultAction'],
  ['[1]', 1, ''],
])('says at which line %j is none', (text, line, message) => {
  const { profile, problems } = readProfile(text);
  expect(profile).toBeNull();
  expect(problems[0]?.line).toBe(line);
  expect(problems[0]?.message).toContain(message);
});

it('finds the line of what the server refuses', () => {
  const text = '{\n "syscalls": [\n  {"names": ["a"]},\n  {\n   "action": "X"\n  }\n ]\n}';
  expect(lineInJson(text, ['syscalls', 1, 'action'])).toBe(5);
  expect(lineInJson(text, ['syscalls', 1, 'missing'])).toBe(4);
  expect(lineInJson(text, ['nothing'])).toBe(1);
});
