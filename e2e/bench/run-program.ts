import { spawn } from 'node:child_process';

/** Run a program to its end and fail unless it ends with 0: a peer that did nothing is not quick. Resolves to its output. */
export function runProgram(
  command: readonly string[],
  options: { environment?: Record<string, string>; cwd?: string } = {},
): Promise<string> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (status, signal) =>
      status === 0
        ? resolve(output)
        : reject(new Error(`${command.join(' ')} ended with ${signal ?? status}: ${output.slice(-500)}`)),
    );
  });
}
