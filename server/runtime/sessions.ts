import { mkdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HolderClient } from '../../native/lib/holder-client.ts';
import { NativeError } from '../../native/lib/native-error.ts';
import { spawnReporting } from '../../native/lib/spawn-reporting.ts';
import { FileName } from '../../native/protocol/wire.ts';
import { AppError } from '../errors/app-error.ts';
import { enterOrder } from './enter-order.ts';
import { namesIn } from './guest-dirs.ts';
import type { SessionEnd, SessionSpec } from './port.ts';
import { readExitFile } from './run-folder.ts';

/** ms that a shell has between being hung up and being killed. */
const HANG_UP_MS = 2000;

export interface SessionsOptions {
  /** `enter`. */
  program: string;
  /** Where the shells' holders have their folders. */
  folder: string;
  runDirOf: (guestId: string) => string;
}

/** The shells of all guests: each is held by a process of its own, which outlives the server. */
export class Sessions implements AsyncDisposable {
  readonly #options: SessionsOptions;
  /** The folder of each shell that lives, and our ear at its holder. */
  readonly #held = new Map<string, { guestId: string; monitor: HolderClient }>();
  readonly #listeners = new Set<(end: SessionEnd) => void>();
  #adopted: Promise<void> | null = null;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Throws NativeError with what could not be done; nothing is left then. */
  async open(spec: SessionSpec): Promise<void> {
    const { program, folder, runDirOf } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = this.#folderOf(spec);
    const options = {
      '--run-dir': runDirOf(spec.guestId),
      '--session-dir': path,
      '--columns': `${spec.columns}`,
      '--rows': `${spec.rows}`,
    };
    const command = [program, 'session', ...Object.entries(options).flat()];
    await spawnReporting(command, enterOrder(spec));
    try {
      await this.#listen(spec.session, spec.guestId);
    } catch (error) {
      const exit = await readExitFile(path, spec.session);
      await this.#bury(spec.session, spec.guestId);
      // A command may have ended before we came to listen: it ran, so opening it has not failed.
      if (!exit) throw error;
    }
  }

  /** `listener` hears once of the end of every shell. */
  onEnd(listener: (end: SessionEnd) => void): void {
    this.#listeners.add(listener);
  }

  async list(): Promise<{ session: string; guestId: string }[]> {
    await this.#adopt();
    return [...this.#held].map(([session, { guestId }]) => ({ session, guestId }));
  }

  /** Hang up, then kill. Idempotent. */
  async close(session: string): Promise<void> {
    await this.#adopt();
    this.#held.get(session)?.monitor.stop({ force: false, timeoutMs: HANG_UP_MS });
  }

  /** The socket of a shell's holder. Throws `not_found`. */
  async socketOf(session: string): Promise<string> {
    await this.#adopt();
    const held = this.#held.get(session);
    if (!held) throw new AppError('not_found', `there is no shell ${session}: it has ended`);
    return join(this.#folderOf({ session, guestId: held.guestId }), FileName.socket);
  }

  /**
   * The directory that a shell is in: a name to be looked up inside the guest, never on the host. What the link of a process in another
   * mount namespace reads is the path from that namespace's root (proc_pid_cwd(5)). Throws `not_found` and `illegal_state`.
   */
  async workdirOf(session: string): Promise<string> {
    await this.#adopt();
    const held = this.#held.get(session);
    const gone = new AppError('not_found', `there is no shell ${session}: it has ended`);
    if (!held) throw gone;
    const path = await readlink(`/proc/${held.monitor.welcome.pid}/cwd`).catch(() => null);
    if (path === null) throw gone;
    if (!path.startsWith('/') || path.endsWith(' (deleted)'))
      throw new AppError('illegal_state', `the directory that the shell is in (${path}) cannot be reached`);
    return path;
  }

  /** Let all shells run on without us. */
  async [Symbol.asyncDispose](): Promise<void> {
    const monitors = [...this.#held.values()].map(({ monitor }) => monitor);
    this.#held.clear();
    for (const monitor of monitors) monitor.close();
  }

  /** Take back the shells of a server before this one; once. */
  #adopt(): Promise<void> {
    this.#adopted ??= this.#adoptAll();
    return this.#adopted;
  }

  async #adoptAll(): Promise<void> {
    for (const name of await namesIn(this.#options.folder)) {
      const at = name.indexOf('.');
      const [guestId, session] = [name.slice(0, at), name.slice(at + 1)];
      if (at < 1 || this.#held.has(session)) continue;
      await this.#listen(session, guestId).catch(async (error: unknown) => {
        if (!(error instanceof NativeError) || error.code !== 'ETIMEDOUT')
          return this.#bury(session, guestId);
        // Its holder lives and is stopped by a signal: it is taken back when it goes on.
        this.#listen(session, guestId, null).catch(() => this.#bury(session, guestId));
      });
    }
  }

  /** Hear of the end of a shell; its folder goes with it. */
  async #listen(session: string, guestId: string, patienceMs?: null): Promise<void> {
    const path = this.#folderOf({ session, guestId });
    const monitor = await HolderClient.connect(join(path, FileName.socket), { role: 'monitor', patienceMs });
    const forget = () => {
      if (this.#held.get(session)?.monitor !== monitor) return;
      this.#held.delete(session);
      monitor.close();
      void this.#bury(session, guestId);
    };
    this.#held.set(session, { guestId, monitor });
    monitor.on('exit', forget);
    monitor.on('lost', forget);
  }

  /** Remove the folder of a shell that has ended and tell how it did: the holder wrote it down before it said so. */
  async #bury(session: string, guestId: string): Promise<void> {
    const path = this.#folderOf({ session, guestId });
    const exit = await readExitFile(path, session).catch(() => null);
    // What cannot be removed now is found by the next server.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
    const { status, signal } = exit ?? { status: null, signal: null };
    for (const listener of this.#listeners) listener({ session, status, signal });
  }

  #folderOf({ session, guestId }: { session: string; guestId: string }): string {
    return join(this.#options.folder, `${guestId}.${session}`);
  }
}
