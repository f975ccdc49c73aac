import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type HostSnapshot, settleTo, takeHostSnapshot } from './host-snapshot.ts';

// Around every root test, and around every file of them: what a test makes on the host it takes away again. It looks at the
// whole host, so it is on where nobody else works (e2e/suites/run-vitest.ts sets the variable).
let beforeFile: HostSnapshot;
let beforeTest: HostSnapshot;

beforeAll(() => {
  beforeFile = takeHostSnapshot();
});
beforeEach(() => {
  beforeTest = takeHostSnapshot();
});
afterEach(async () => {
  expect(await settleTo(beforeTest, 5_000), 'the test left the host as it found it').toEqual([]);
});
afterAll(async () => {
  expect(await settleTo(beforeFile, 10_000), 'the file left the host as it found it').toEqual([]);
});
