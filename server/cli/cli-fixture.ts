import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type IPty, spawn as spawnPty } from 'node-pty';
import { readInstance } from '../instance/read-instance.ts';
import { releaseSlot } from '../instance/release-slot.ts';
import { Api } from './api.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'server/cli/main.ts');
/** How long the server may take to come up, ms: a new database is made first. */
const START_MS = 90_000;
const CGROUPS = '/sys/fs/cgroup';
const STOP_MS = 20_000;
const LOOK_MS = 50;

export interface Ran {
  status: number | null;
  stdout: Buffer;
  stderr: string;
}

/** `berth` on a terminal of its own. */
export class TerminalRun {
  readonly pty: IPty;
  readonly ended: Promise<number>;
  text = '';

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv) {
    const size = { cols: 90, rows: 20 };
    this.pty = spawnPty(process.execPath, [MAIN, ...args], { ...size, cwd: ROOT, env: environment });
    this.pty.onData((data) => {
      this.text += data;
    });
    this.ended = new Promise((resolveEnd) => this.pty.onExit(({ exitCode }) => resolveEnd(exitCode)));
  }

  /** Wait until the terminal shows it. Throws with all that it shows when it does not. */
  async shows(what: RegExp, timeoutMs = 15_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!what.test(this.text)) {
      if (performance.now() > deadline) throw new Error(`no ${what} in ${JSON.stringify(this.text)}`);
      await new Promise((wake) => setTimeout(wake, LOOK_MS));
    }
  }
}

/** The empty folders of an instance in each hierarchy; one that still holds a process stays, and the leak check finds it. */
function removeCgroups(cgroup: string): void {
  for (const hierarchy of ['.', ...readdirSync(CGROUPS)]) {
    for (const path of ['guests', 'supervisors', '.']) {
      try {
        rmdirSync(resolve(CGROUPS, hierarchy, cgroup, path));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null;
        if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EBUSY') throw error;
      }
    }
  }
}

/** A server of its own on a data folder of its own, as root tests of the command line need it. */
export class CliServer implements AsyncDisposable {
  readonly dataDir: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(dataDir: string, environment: Record<string, string>) {
    this.dataDir = dataDir;
    // As ./berth itself sets it.
    const cache = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/berth') };
    this.#environment = { ...process.env, ...environment, ...cache, BERTH_DATA: dataDir, NO_COLOR: '1' };
    this.#process = spawn(process.execPath, [join(ROOT, 'server/main.ts')], {
      cwd: ROOT,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        this.#log += bytes.toString('utf8');
      });
    }
  }

  /** Start one, with settings as its environment has them; resolves when it answers. Throws with its log when it does not. */
  static async start(environment: Record<string, string> = {}): Promise<CliServer> {
    // Not below a folder that only root may enter: the database runs as a user of its own.
    const server = new CliServer(await mkdtemp('/var/tmp/berth-tcli-'), environment);
    const deadline = performance.now() + START_MS;
    while (!(await server.#answers())) {
      if (server.#process.exitCode === null && performance.now() < deadline) continue;
      const log = server.#log;
      await server[Symbol.asyncDispose]();
      throw new Error(`the server did not come up:\n${log}`);
    }
    return server;
  }

  async #answers(): Promise<boolean> {
    await new Promise((wake) => setTimeout(wake, LOOK_MS));
    const instance = existsSync(join(this.dataDir, 'instance.json')) ? readInstance(this.dataDir) : null;
    if (!instance || !existsSync(instance.adminSocket)) return false;
    return (await this.berth(['guest', 'ls', '--json'])).status === 0;
  }

  /** Run `berth` with pipes. `stdin` is all of its input. */
  async berth(args: readonly string[], stdin: Uint8Array | string = ''): Promise<Ran> {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env: this.#environment });
    const stdout: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => {
      stderr += bytes.toString('utf8');
    });
    // A command that reads none of its input leaves us with a broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    const [status] = await once(child, 'close');
    return { status, stdout: Buffer.concat(stdout), stderr };
  }

  /** Run it and read its JSON. Throws with its stderr when it fails. */
  async json(args: readonly string[]): Promise<unknown> {
    const { status, stdout, stderr } = await this.berth([...args, '--json']);
    if (status !== 0) throw new Error(`berth ${args.join(' ')} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout.toString('utf8'));
  }

  terminal(args: readonly string[]): TerminalRun {
    return new TerminalRun(args, { ...this.#environment, TERM: 'xterm-256color' });
  }

  /** Guests, network, server, slot and folders: nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    const instance = existsSync(join(this.dataDir, 'instance.json')) ? readInstance(this.dataDir) : null;
    try {
      if (instance && existsSync(instance.adminSocket)) {
        await new Api(instance.adminSocket).mutate('server', 'retire');
      }
    } finally {
      await this.#stop();
      if (instance) {
        await rm(instance.runDir, { recursive: true, force: true });
        removeCgroups(instance.cgroup);
        releaseSlot(instance);
      }
      await rm(this.dataDir, { recursive: true, force: true });
    }
  }

  async #stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    const cut = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(cut);
  }
}
