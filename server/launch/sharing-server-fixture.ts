import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { openEventStream } from '../http/test-event-stream.ts';
import { type Answer, send } from '../http/test-front.ts';
import { readInstance } from '../instance/read-instance.ts';
import { releaseSlot } from '../instance/release-slot.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

/** A real server with a data folder and a slot of its own, as each host has that shares a database with others. */
export class SharingServer {
  readonly data: string;
  readonly #database: string;
  #child: ChildProcess | null = null;
  #said = '';

  /** `folder`: has a data folder for each; `database`: the address of what they share. */
  constructor(name: string, of: { folder: string; database: string }) {
    this.data = join(of.folder, name);
    this.#database = of.database;
    mkdirSync(this.data);
  }

  get instance() {
    const found = readInstance(this.data);
    if (found === null) throw new Error(`${this.data} has no instance`);
    return found;
  }

  /** How people call it: both are on the host of the test. */
  get host(): string {
    return `${hostname()}:${this.data}`;
  }

  /** Resolves when both sockets answer, or to what it said before it ended. */
  async start(env: Record<string, string> = {}): Promise<string | null> {
    const child = spawn(process.execPath, [MAIN], {
      env: { ...process.env, BERTH_DATA: this.data, DATABASE_URL: this.#database, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child = child;
    this.#said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said += text;
    });
    await vi.waitFor(
      async () => {
        if (child.exitCode !== null) return;
        expect((await send(this.instance.adminSocket, '/healthz')).status).toBe(200);
        expect((await send(this.instance.webSocket, '/healthz')).status).toBe(200);
      },
      { timeout: 60_000, interval: 20 },
    );
    return child.exitCode === null ? null : this.#said;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  call(path: string, body?: unknown, cookie?: string): Promise<Answer> {
    const socket = cookie === undefined ? this.instance.adminSocket : this.instance.webSocket;
    return send(socket, `/api/trpc/${path}`, { body, headers: cookie === undefined ? {} : { cookie } });
  }

  async ask<T>(path: string, body?: unknown, cookie?: string): Promise<T> {
    const answer = await this.call(path, body, cookie);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return (answer.body as { result: { data: T } }).result.data;
  }

  async refusal(path: string, body: unknown, cookie?: string): Promise<string> {
    const answer = await this.call(path, body, cookie);
    expect(answer.status, JSON.stringify(answer.body)).toBeGreaterThan(399);
    return (answer.body as { error: { message: string } }).error.message;
  }

  /** The stream of events as somebody. */
  listen(cookie: string) {
    return openEventStream(this.instance.webSocket, { origin: 'https://berth.test:8443', cookie });
  }

  async remove(): Promise<void> {
    if (!existsSync(join(this.data, 'instance.json'))) return;
    const { instance } = this;
    await this.end();
    if ((await this.start()) !== null) throw new Error(`it does not start to be retired: ${this.#said}`);
    await this.ask('server.retire', {});
    await this.end();
    rmSync(instance.runDir, { recursive: true, force: true });
    releaseSlot(instance);
    rmSync(this.data, { recursive: true });
  }
}
