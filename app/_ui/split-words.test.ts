import { expect, test } from 'vitest';
import { splitWords } from './split-words.ts';

test.each([
  ['a b', ['a', 'b']],
  [`sh -c 'echo "hi there"'`, ['sh', '-c', 'echo "hi there"']],
  ['a "b \\" c" d\\ e', ['a', 'b " c', 'd e']],
  [`pre'fix 1'"2"`, ['prefix 12']],
  ['""', ['']],
  ['  ', []],
  [`sh -c 'open`, null],
  ['sh "open', null],
])('%j splits into %j', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});
