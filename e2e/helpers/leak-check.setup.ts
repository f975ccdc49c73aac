import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type HostSnapshot, settleTo, takeHostSnapshot } from '../oracle/host-snapshot.ts';

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
/** Their tests share a server and what was made in it, until their end; those of faults are judged by the oracles too. */
const SHARING =
  /\/(e2e\/faults\/|server\/cli\/probe|server\/http\/every-input|server\/launch\/share-database)/;

// A test may take away what its file has set up; it must not leave more. The file's end is held to the whole host.
afterEach(async () => {
  if (SHARING.test(expect.getState().testPath ?? '')) return;
  const difference = await settleTo(beforeTest, 5_000, { goesOn: true });
  const more = difference.filter((line) => /^left (?!forwarding )/.test(line));
  expect(more, 'the test left nothing on the host').toEqual([]);
});
afterAll(async () => {
  expect(await settleTo(beforeFile, 10_000), 'the file left the host as it found it').toEqual([]);
});
