import { describe, expect, test } from 'vitest';
import { execInput, openShellInput } from '../console/schema.ts';
import { configureGuestInput, createGuestInput } from './schema.ts';

function complaint(
  schema: { safeParse(input: unknown): { error?: { issues: { message: string }[] } } },
  input: object,
) {
  return schema.safeParse({ guest: 'web', name: 'web', ...input }).error?.issues[0]?.message ?? null;
}

describe('what no program can be given is refused before anything is run', () => {
  test.each([
    [{ command: ['sh', 'a\0b'] }, 'an argument cannot contain a NUL byte'],
    [{ command: [''] }, 'the program to run has no name'],
    [{ command: ['sh', 'x'.repeat(131_072)] }, 'an argument has at most'],
    [{ command: Array.from({ length: 256 }, () => 'ü'.repeat(4096)) }, 'a command has at most'],
    [{ command: ['sh'], user: 'ann\0' }, 'a user name cannot contain a NUL byte'],
    [{ command: ['sh'], workdir: '/a\0' }, 'a working directory cannot contain a NUL byte'],
    [{ command: ['sh'], environment: { A: '\0' } }, 'a variable cannot contain a NUL byte'],
  ])('%#', (input, words) => {
    expect(complaint(execInput, input)).toContain(words);
    expect(complaint(openShellInput, input)).toContain(words);
    if (!('user' in input || 'workdir' in input || 'environment' in input))
      expect(complaint(createGuestInput, input)).toContain(words);
  });

  test('an empty argument that is not the program is one', () => {
    for (const schema of [execInput, openShellInput, createGuestInput])
      expect(complaint(schema, { command: ['echo', '', 'ü'] })).toBeNull();
  });

  test('nothing to run is said of exec only: a shell and a guest have their own', () => {
    expect(complaint(execInput, { command: [] })).toBe('nothing to run: give a command');
    expect(complaint(openShellInput, { command: [] })).toBeNull();
    expect(complaint(createGuestInput, { command: [] })).toBeNull();
  });
});

test('a setting that there is not is refused by its name, real-time ones with why', () => {
  for (const schema of [createGuestInput, configureGuestInput.omit({ guest: true })]) {
    expect(complaint(schema, { limits: { memroy: 1 } })).toBe('memroy is not part of limits');
    expect(complaint(schema, { isolation: { nest: true } })).toBe('nest is not part of isolation');
    expect(complaint(schema, { init: { env: {} } })).toBe('env is not part of init');
    for (const name of ['rtRuntime', 'cpuRtRuntimeMicros', 'realtime', 'cpuRealTime']) {
      expect(complaint(schema, { limits: { [name]: 1 } })).toContain('real-time scheduling is not offered');
    }
    expect(complaint(schema, { limits: { cpuWeight: 50, cpu: 1 } })).toBeNull();
  }
});
