import { type ExecFileOptions, execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export interface CliResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** A Berth of a test's own: own data folder, own slot, own port; it never meets another one on this host. */
export interface BerthInstance extends AsyncDisposable {
  url: string;
  dataDir: string;
  /** Names all that is its on the host (server/instance/instance.ts). */
  slot: number;
  port: number;
  /** Run `berth …` against it. Never throws for a status. */
  berth(args: string[], options?: { input?: string; timeoutMs?: number }): Promise<CliResult>;
  /** Run `berth … --json` and parse what it prints; throws with stderr when it fails. */
  berthJson<T>(args: string[]): Promise<T>;
  /** The one-time link that `up` or `admin link` printed last. */
  setupLink(): Promise<string>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

function runBerth(args: string[], options: { input?: string; timeoutMs?: number }): Promise<CliResult> {
  const settings: ExecFileOptions = {
    cwd: root,
    timeout: options.timeoutMs ?? 120_000,
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    const child = execFile(path.join(root, 'berth'), args, settings, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
      resolve({ status, stdout: String(stdout), stderr: String(stderr) });
    });
    child.stdin?.end(options.input ?? '');
  });
}

/** Add options before the `--` that begins a guest's own command. */
function withOptions(args: string[], ...options: string[]): string[] {
  const end = args.indexOf('--');
  const at = end < 0 ? args.length : end;
  return [...args.slice(0, at), ...options, ...args.slice(at)];
}

/** Bring one up. Disposing purges it: guests, network, database, slot and folder. */
export async function startInstance(): Promise<BerthInstance> {
  const folder = mkdtempSync(path.join(tmpdir(), 'berth-e2e-'));
  // the database's and the web's users walk through it
  chmodSync(folder, 0o711);
  const dataDir = path.join(folder, 'data');
  const port = await freePort();
  const berth: BerthInstance['berth'] = (args, options = {}) =>
    runBerth(withOptions(args, '--data', dataDir), options);
  const mustRun = async (args: string[], timeoutMs?: number) => {
    const result = await berth(args, { timeoutMs });
    if (result.status !== 0)
      throw new Error(
        `berth ${args.join(' ')} ended with ${result.status}\n${result.stdout}\n${result.stderr}`,
      );
    return result.stdout;
  };
  const linkIn = (text: string) => /https?:\/\/\S+\/setup#\S+/.exec(text)?.[0];
  let link: string | undefined;
  try {
    link = linkIn(await mustRun(['up', '--port', String(port), '--address', '127.0.0.1'], 600_000));
  } catch (error) {
    await berth(['purge', '--yes']);
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const { slot } = JSON.parse(await mustRun(['status', '--json'])) as { slot: number };
  return {
    slot,
    url: `https://127.0.0.1:${port}`,
    dataDir,
    port,
    berth,
    berthJson: async (args) => JSON.parse(await mustRun(withOptions(args, '--json'))),
    setupLink: async () => {
      link ??= linkIn(await mustRun(['admin', 'link']));
      if (!link) throw new Error('no set-up link was printed');
      const now = link;
      link = undefined;
      return now;
    },
    [Symbol.asyncDispose]: async () => {
      const result = await berth(['purge', '--yes'], { timeoutMs: 180_000 });
      if (result.status !== 0)
        throw new Error(`purge ended with ${result.status}\n${result.stdout}\n${result.stderr}`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
