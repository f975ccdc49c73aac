import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { compileCache } from '../../server/instance/compile-cache.ts';
import type { Instance } from '../../server/instance/instance.ts';
import { readInstance } from '../../server/instance/read-instance.ts';
import { releaseSlot } from '../../server/instance/release-slot.ts';
import { removeCgroups } from '../../server/instance/remove-cgroups.ts';
import type { OperationView } from '../../server/operation/schema.ts';
import { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { driftLines, judgeInventory } from '../oracle/judge-inventory.ts';
import { type Rows, readRows } from '../oracle/read-rows.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const START_MS = 600_000;
/** What ends by itself (a supervisor, a process being reaped) has the time to. */
const SETTLE_MS = 10_000;
const REST_MS = 90_000;
const LOOK_MS = 25;

export interface FaultServerOptions {
  /** Where its data is; the default is in a folder of its own, which goes with it. */
  dataDir?: string;
  /** A command that becomes the server at its end: `unshare --mount …`. */
  within?: readonly string[];
}

/** Berth's server in a process of its own, without launcher and web, to be killed at will. */
export class FaultServer implements AsyncDisposable {
  readonly folder: string;
  readonly dataDir: string;
  /** For the starts to come. */
  within: readonly string[];
  readonly #planFile: string;
  readonly #traceFile: string;
  #process: ChildProcess | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #client: AcknowledgingClient | null = null;
  #log: string[] = [];

  private constructor({ dataDir, within = [] }: FaultServerOptions) {
    this.folder = mkdtempSync('/tmp/berth-faults-');
    // The database's user walks through it.
    chmodSync(this.folder, 0o711);
    this.dataDir = dataDir ?? path.join(this.folder, 'data');
    this.within = within;
    this.#planFile = path.join(this.folder, 'plan');
    this.#traceFile = path.join(this.folder, 'trace');
  }

  /** A new instance with a slot of its own, up. Disposing leaves nothing of it. */
  static async make(options: FaultServerOptions = {}): Promise<FaultServer> {
    const server = new FaultServer(options);
    if (await server.start()) return server;
    const log = server.log();
    await server[Symbol.asyncDispose]();
    throw new Error(`the server did not come up:\n${log}`);
  }

  get instance(): Instance {
    const instance = readInstance(this.dataDir);
    if (!instance) throw new Error(`there is no instance in ${this.dataDir}`);
    return instance;
  }

  get #identity(): string {
    return path.join(this.dataDir, 'instance.json');
  }

  get client(): AcknowledgingClient {
    this.#client ??= new AcknowledgingClient(this.instance.adminSocket);
    return this.#client;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** The last lines that the server said. */
  log(): string {
    return this.#log.join('\n');
  }

  /** What shall happen from now on, as BERTH_FAILPOINTS has it; empty: nothing. */
  plan(text: string): void {
    writeFileSync(this.#planFile, text);
  }

  /** Every place that `work` has hit, in order, with how often it was hit before: `guest.update:before#2`. */
  async trace(work: () => Promise<unknown>): Promise<string[]> {
    rmSync(this.#traceFile, { force: true });
    this.plan(`trace=${this.#traceFile}`);
    await work();
    this.plan('');
    const places = existsSync(this.#traceFile)
      ? readFileSync(this.#traceFile, 'utf8').trim().split('\n')
      : [];
    const counts = new Map<string, number>();
    return places.map((place) => {
      const count = (counts.get(place) ?? 0) + 1;
      counts.set(place, count);
      return `${place}#${count}`;
    });
  }

  /** Start it; false when it ended before it was ready. */
  async start(environment: Record<string, string> = {}): Promise<boolean> {
    const command = [
      ...this.within,
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      path.join(ROOT, 'server/main.ts'),
    ];
    const child = spawn(command[0] ?? '', command.slice(1), {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'test',
        BERTH_DATA: this.dataDir,
        // As the launcher has it: only once the folder is an instance's.
        ...(existsSync(this.#identity) && { NODE_COMPILE_CACHE: compileCache(this.dataDir) }),
        BERTH_FAILPOINTS: `file=${this.#planFile}`,
        ...environment,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#process = child;
    this.#ended = once(child, 'exit');
    const cut = setTimeout(() => child.kill('SIGKILL'), START_MS);
    const ready = new Promise<boolean>((resolve) => {
      void this.#ended.then(() => resolve(false));
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.#log = [...this.#log.slice(-199), line];
        if (/^\S+ info ready /.test(line)) resolve(true);
      });
    });
    const up = await ready;
    clearTimeout(cut);
    return up;
  }

  /** SIGKILL, or another signal; resolves when it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#process?.kill(signal);
    await this.#ended;
  }

  /** Resolves when it has ended by whatever. */
  async ended(): Promise<void> {
    await this.#ended;
  }

  isUp(): boolean {
    return this.#process !== null && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** When no operation is at work. Throws after 90 s. */
  async rest(): Promise<void> {
    const until = performance.now() + REST_MS;
    for (;;) {
      const running = await this.client.query<OperationView[]>('operation.list', { status: 'running' });
      if (running.length === 0) return;
      if (performance.now() > until)
        throw new Error(`still at work: ${running.map(({ kind, subject }) => `${kind} ${subject.name}`)}`);
      await pause(LOOK_MS);
    }
  }

  /** What is otherwise on the host than written down, at this moment. */
  async drifts(): Promise<string[]> {
    return driftLines(judgeInventory(this.instance, await readRows(this.instance)));
  }

  /** What both oracles have to say of the instance at rest: lines, none when all is right. */
  async judge(): Promise<string[]> {
    await this.rest();
    const { instance } = this;
    let rows: Rows;
    let drifts: string[];
    const until = performance.now() + SETTLE_MS;
    // The last look begins when the time is over: who was held up itself has not seen what came meanwhile.
    for (let late = false; ; await pause(LOOK_MS)) {
      late = performance.now() > until;
      rows = await readRows(instance);
      drifts = driftLines(judgeInventory(instance, rows));
      if (drifts.length === 0 || late) break;
    }
    return [...drifts, ...(await this.client.judge(rows))];
  }

  /** Why not; null when all of it is gone. What starts by itself after a boot may come in between. */
  async #retire(): Promise<string | null> {
    for (let tries = 0; ; tries++) {
      try {
        await this.rest();
        await this.client.request('server.retire', {});
        return null;
      } catch (error) {
        if (tries === 4) return String(error);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.plan('');
    if (existsSync(this.#identity)) {
      if (this.isUp() || (await this.start())) await this.client.query('guest.list');
      const { instance } = this;
      const refused = await this.#retire();
      await this.kill('SIGTERM');
      if (refused) throw new Error(`the instance in ${this.dataDir}: ${refused}\n${this.log()}`);
      rmSync(instance.runDir, { recursive: true, force: true });
      removeCgroups(instance);
      releaseSlot(instance);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
