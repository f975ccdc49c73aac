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
// A test may take away what its file has set up; it must not leave more. A server that goes on may have got what supervisors are
// forked from, which comes with its first guest. The file's end is held to the whole host.
afterEach(async () => {
  const more = (await settleTo(beforeTest, 5_000)).filter((line) =>
    /^left (?!forwarding |process .* fork-server )/.test(line),
  );
  expect(more, 'the test left nothing on the host').toEqual([]);
});
afterAll(async () => {
  expect(await settleTo(beforeFile, 10_000), 'the file left the host as it found it').toEqual([]);
});
