import { expect, it } from 'vitest';
import { otherShells, type ShellRequest, splitWords, variablesIn, withNextShell } from './shell-request.ts';

it.each([
  ['', []],
  ['  top  -d 1 ', ['top', '-d', '1']],
  [`sh -c 'echo "a b"; ls'`, ['sh', '-c', 'echo "a b"; ls']],
  [`a "" 'b c'd e\\ f`, ['a', '', 'b cd', 'e f']],
  [`"a 'b' c" 'd\\e'`, ["a 'b' c", 'd\\e']],
])('splits %j', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

it('never offers the shell that just failed', () => {
  expect(otherShells({ command: ['/bin/sh'] })).not.toContain('/bin/sh');
  expect(otherShells({ command: ['bash', '-l'] })).not.toContain('/bin/bash');
  expect(otherShells({})[0]).toBe('/bin/sh');
});

it('reads variables as a shell would write them', () => {
  expect(variablesIn('')).toBeNull();
  expect(variablesIn(`A=1 B='two words' C= D E=x=y`)).toEqual({
    A: '1',
    B: 'two words',
    C: '',
    D: '',
    E: 'x=y',
  });
});

it('goes through the other shells until none is left', () => {
  const tried: string[] = [];
  let request: ShellRequest | null = { command: ['zsh'], user: 'ada' };
  request = withNextShell(request, otherShells(request));
  while (request) {
    expect(request.user).toBe('ada');
    tried.push(request.command?.[0] ?? '');
    request = withNextShell(request, request.orElse ?? []);
  }
  expect(tried).toEqual(['/bin/sh', '/bin/bash', '/bin/ash']);
});
