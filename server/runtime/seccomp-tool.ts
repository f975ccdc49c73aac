import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { childEnv } from '../child/child-env.ts';

/** A profile of 8,192 calls is compiled in some 100 ms; a machine under load may be that much slower. */
const TIME_LIMIT_MS = 20_000;

/** What seccomp-compile left: its standard output, the lines of its standard error, and why it failed, if it did. */
export interface ToolResult {
  output: Buffer;
  notes: string[];
  why: string | null;
}

/** Run seccomp-compile as a child with nothing of ours but its input. Rejects only when it cannot be run at all. */
export function runSeccompTool(
  nativeDir: string,
  args: readonly string[],
  input: string,
): Promise<ToolResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(nativeDir, 'seccomp-compile'), args, {
      env: childEnv({}),
      cwd: '/',
      stdio: 'pipe',
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    let text = '';
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    // It may end before it has read all, and tells why on its standard error.
    child.stdin.on('error', () => undefined).end(input);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      const notes = text.trim().split('\n');
      const last = (notes.at(-1) ?? '').replace(/^seccomp-compile: /, '');
      const failed =
        signal === null ? last || `status ${status}` : `it took more than ${TIME_LIMIT_MS / 1000} s`;
      resolve({ output: Buffer.concat(output), notes, why: status === 0 ? null : failed });
    });
  });
}
