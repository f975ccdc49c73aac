import { expect, test } from 'vitest';
import { passkeyProblem } from './schema.ts';

test.each([
  ['https://berth.example:8443', null],
  ['https://localhost:8443', null],
  ['http://localhost:8080', null],
  ['http://berth.localhost', null],
  ['https://127.0.0.1:8443', 'an address'],
  ['https://[::1]:8443', 'an address'],
  ['http://berth.example', 'need https'],
  ['null', 'the address of a page'],
])('%s: %s', (origin, problem) => {
  if (problem === null) expect(passkeyProblem(origin)).toBeNull();
  else expect(passkeyProblem(origin)).toContain(problem);
});
