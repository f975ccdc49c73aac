import { spawn } from 'node:child_process';
import path from 'node:path';

export interface CommandResult {
  status: number;
  output: string;
}

/** Run a program of the checkout to its end; its output is collected, and printed as it comes when `echo` is set. `aside`: with what others leave of the processor. */
export function runCommand(
  root: string,
  command: string[],
  options: { echo?: boolean; aside?: boolean; environment?: Record<string, string> } = {},
): Promise<CommandResult> {
  const [program = '', ...args] = options.aside ? ['nice', '-n', '19', ...command] : command;
  const bin = `${path.dirname(process.execPath)}:${path.join(root, 'node_modules/.bin')}:${process.env.PATH}`;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, PATH: bin, FORCE_COLOR: '0', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (options.echo) process.stdout.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ status: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}
