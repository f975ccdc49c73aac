import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileName } from '../../native/protocol/wire.ts';
import { parseEntries } from './entries.ts';
import { plainWord } from './wire-mounts.ts';

interface PoststopHook {
  timeoutMs: number;
  path: string;
  args: string[];
  env: string[];
}

/**
 * Run the poststop hooks of a guest whose supervisor was killed and so could not: it takes the spec away when it has. Each
 * has its turn; what fails goes to `onFault`. Idempotent once it has come to its end.
 */
export async function runPoststop(runDir: string, onFault: (error: Error) => void): Promise<void> {
  const path = join(runDir, FileName.spec);
  const text = await readFile(path, 'utf8').catch(() => '');
  const hooks = text
    .split('\0')
    .filter((entry) => entry.startsWith('hook=poststop '))
    .map((entry) => hookOf(entry.slice('hook='.length)));
  if (hooks.length === 0) return;
  const spec = parseEntries(text);
  const state = JSON.stringify({
    ociVersion: '1.1.0',
    id: spec.get('id'),
    status: 'stopped',
    bundle: spec.get('guest_dir'),
    annotations: { 'berth.hostname': spec.get('hostname'), 'berth.kind': spec.get('kind') },
  });
  for (const hook of hooks) await run(hook, state).catch(onFault);
  await rm(path, { force: true });
}

/** `poststop TIMEOUT_MS PATH ARGC ARG… ENV…` (native/protocol/README.md). */
function hookOf(value: string): PoststopHook {
  const [, timeout, path = '', count, ...words] = value.split(' ').map(plainWord);
  const args = words.slice(0, Number(count));
  return { timeoutMs: Number(timeout), path, args, env: words.slice(args.length) };
}

function run(hook: PoststopHook, state: string): Promise<void> {
  // Exactly its own, as the specification has it.
  const env: Record<string, string> = Object.fromEntries(
    hook.env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  return new Promise((resolve, reject) => {
    const child = spawn(hook.path, hook.args.slice(1), {
      argv0: hook.args[0] ?? hook.path,
      env: env as NodeJS.ProcessEnv,
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const fail = (how: string) => reject(new Error(`the poststop hook ${hook.path} ${how}`));
    const timer = setTimeout(() => {
      // With what it started: it leads a group of its own.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      fail(`took longer than ${hook.timeoutMs} ms`);
    }, hook.timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      fail(`cannot be run: ${error.message}`);
    });
    child.on('exit', (status, signal) => {
      clearTimeout(timer);
      if (status === 0) resolve();
      else fail(signal === null ? `ended with status ${status}` : `was ended by ${signal}`);
    });
    // It may end without reading.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(state);
  });
}
