import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** Each costs a command of some forty milliseconds several of them. */
const DEAR = ['node:http', 'node:https', 'node:crypto', 'node:tls', 'node:zlib', 'node:readline'];
/** Of our own files; Node reads and checks each. */
const MOST = 30;

/** What a process loads that imports these files as the entry does. */
function loadedBy(files: readonly string[]): string[] {
  const hook = `
    import { registerHooks } from 'node:module';
    const seen = new Set();
    registerHooks({ load: (url, context, next) => (seen.add(url), next(url, context)) });
    process.on('exit', () => console.log(JSON.stringify([...seen])));`;
  const urls = files.map((file) => `await import(${JSON.stringify(join(import.meta.dirname, file))});`);
  const args = ['--import', `data:text/javascript,${encodeURIComponent(hook)}`];
  const output = execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...args, '--input-type=module', '-e', urls.join('\n')],
    { encoding: 'utf8' },
  );
  return JSON.parse(output);
}

test.each([
  ['guest ls', ['run-cli.ts', 'guest-ls.ts']],
  ['guest rm', ['run-cli.ts', 'guest-actions.ts']],
  ['guest exec', ['run-cli.ts', 'guest-exec.ts', 'open-socket.ts', 'run-exec.ts', 'exit-status.ts']],
])('%s loads little: no library and no dear part of Node', (_, files) => {
  const loaded = loadedBy(files);
  const own = loaded.filter((url) => url.startsWith('file:'));
  expect(loaded.filter((url) => DEAR.includes(url))).toEqual([]);
  expect(own.filter((url) => url.includes('/node_modules/'))).toEqual([]);
  // The hook sees them at all.
  expect(own.length).toBeGreaterThan(files.length);
  expect(own.length).toBeLessThanOrEqual(MOST);
});

test('a dear part is seen where it is loaded', () => {
  expect(loadedBy(['../http/trpc-sockets.ts'])).toContain('node:http');
});
