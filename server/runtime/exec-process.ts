import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { NativeError } from '../../native/lib/native-error.ts';
import { SPEC_DESCRIPTOR } from '../../native/protocol/wire.ts';
import { childEnv } from '../child/child-env.ts';
import { type EnterSpec, enterOrder } from './enter-order.ts';
import type { ExecProcess } from './port.ts';

/**
 * Run a command in a guest with pipes of its own. `enter` hands signals on and ends with the command's status, 128 and
 * the signal's number when one ended it. Throws NativeError when `enter` itself cannot be run.
 */
export async function execInGuest(
  program: string,
  options: { runDir: string; spec: EnterSpec },
): Promise<ExecProcess> {
  const child = spawn(program, ['exec', '--run-dir', options.runDir], {
    env: childEnv({}),
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const order = child.stdio[SPEC_DESCRIPTOR];
  // It ended before it read all: its exit says why.
  if (order instanceof Writable) order.on('error', () => undefined).end(enterOrder(options.spec));
  try {
    await once(child, 'spawn');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    throw new NativeError({ code, action: 'run', path: program, cause: error });
  }
  const exit = new Promise<{ status: number | null; signal: string | null }>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal }));
  });
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exit,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}
