import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readInstance } from '../../server/instance/read-instance.ts';
import { releaseSlot } from '../../server/instance/release-slot.ts';
import { removeCgroups } from '../../server/instance/remove-cgroups.ts';
import { ApiClient } from './api-client.ts';
import { stopSignal, within } from './measure.ts';
import type { ServerState } from './server-probe.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** A new database is made first. */
const START_MS = 90_000;
const STOP_MS = 60_000;
const STATE_MS = 60_000;
const LOOK_MS = 50;
const TICKS_PER_SECOND = 100; // USER_HZ, which the kernel's ABI fixes

/** Berth's server alone, without launcher and web, that tells what it holds. Disposing leaves nothing of it. */
export class BenchServer implements AsyncDisposable {
  readonly #dataDir: string;
  readonly #process: ChildProcess;
  #api: ApiClient | null = null;
  #log = '';

  private constructor(dataDir: string) {
    this.#dataDir = dataDir;
    const probe = path.join(import.meta.dirname, 'server-probe.ts');
    this.#process = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--expose-gc',
        '--import',
        probe,
        path.join(ROOT, 'server/main.ts'),
      ],
      {
        cwd: ROOT,
        env: { ...process.env, BERTH_DATA: dataDir, NODE_ENV: 'production' },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // A terminal's Ctrl-C is for the bench, which retires it.
        detached: true,
      },
    );
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (bytes: Buffer) => {
        this.#log = (this.#log + bytes.toString('utf8')).slice(-20_000);
      });
  }

  /** `dataDir`: made here, with parents that everybody may enter, as the database runs as a user of its own. */
  static async start(dataDir: string): Promise<BenchServer> {
    mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    const server = new BenchServer(dataDir);
    const deadline = performance.now() + START_MS;
    while (!(await server.#answers())) {
      if (server.#process.exitCode === null && performance.now() < deadline && !stopSignal.aborted) continue;
      await server[Symbol.asyncDispose]();
      throw new Error(`the server did not come up: ${server.#log.slice(-500)}`);
    }
    return server;
  }

  get api(): ApiClient {
    if (!this.#api) throw new Error('the server is not up');
    return this.#api;
  }

  get dataDir(): string {
    return this.#dataDir;
  }

  /** After a full garbage collection. */
  async state(): Promise<ServerState> {
    const answer = once(this.#process, 'message');
    this.#process.send('state');
    const [state] = await within(STATE_MS, 'what the server holds', answer);
    return state;
  }

  /** CPU time of all its threads so far, ms. */
  cpuMillis(): number {
    const stat = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (this.#api && (exitCode ?? signalCode) !== null)
      console.log(`  the server ended by itself (${exitCode ?? signalCode}): ${this.#log.slice(-2000)}`);
    const instance = readInstance(this.#dataDir);
    try {
      await this.#api?.mutate('server.retire', {});
    } finally {
      this.#api?.[Symbol.dispose]();
      await this.#stop();
      if (instance) {
        await rm(instance.runDir, { recursive: true, force: true });
        removeCgroups(instance);
        releaseSlot(instance);
      }
      await rm(this.#dataDir, { recursive: true, force: true });
    }
  }

  async #answers(): Promise<boolean> {
    await new Promise((wake) => setTimeout(wake, LOOK_MS));
    const instance = existsSync(path.join(this.#dataDir, 'instance.json'))
      ? readInstance(this.#dataDir)
      : null;
    if (!instance || !existsSync(instance.adminSocket)) return false;
    const api = new ApiClient(instance.adminSocket);
    try {
      await api.query('guest.list');
      this.#api = api;
      return true;
    } catch {
      api[Symbol.dispose]();
      return false;
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
