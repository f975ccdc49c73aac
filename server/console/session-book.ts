import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Log } from '../platform.ts';
import type { RuntimePort } from '../runtime/port.ts';
import type { ConsoleExit } from './protocol.ts';
import type { SessionView } from './schema.ts';

/** How long the end of a shell is remembered for whoever comes back to it, ms. */
const ENDED_KEPT_MS = 10 * 60_000;

const noteSchema = z.object({
  id: z.string(),
  guestId: z.string(),
  command: z.array(z.string()),
  user: z.string(),
  createdAt: z.iso.datetime(),
  name: z.string().nullable().default(null),
  idleMinutes: z.number().nullable().default(null),
});
type Note = z.infer<typeof noteSchema>;

/** A shell as it is remembered; who looks at it is the desk's to say. */
export type SessionMemory = Omit<SessionView, 'guest' | 'title' | 'people'> & { guestId: string };

interface Entry extends Note {
  exit: ConsoleExit | null;
  endedAt: number | null;
  /** False until its holder is there: nobody sees it before. */
  held: boolean;
}

/**
 * What the server knows of shells beyond what their holders say: command, user, age and how they ended. A note per
 * shell lies in the run folder (gone with a reboot, as the shells are), so that a new server knows them again.
 */
export class SessionBook {
  readonly #folder: string;
  readonly #runtime: RuntimePort;
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();
  #onForget: (id: string) => void = () => undefined;

  constructor(options: { runDir: string; runtime: RuntimePort; log: Log }) {
    this.#folder = join(options.runDir, 'console');
    this.#runtime = options.runtime;
    this.#log = options.log;
    this.#runtime.onSessionEnd(({ session, status, signal }) => this.ended(session, { status, signal }));
  }

  /** Where the notes lie, and whatever else there is of shells. */
  get folder(): string {
    return this.#folder;
  }

  /** Ids of the shells that live. */
  get living(): string[] {
    return [...this.#entries.values()].filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
  }

  /** `listener` hears of each shell that is remembered no longer. */
  onForget(listener: (id: string) => void): void {
    this.#onForget = listener;
  }

  /** Read the notes of a server before this one and compare them with the living; call once at start. */
  async adopt(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const notes = await this.#readNotes();
    for (const note of notes.values())
      this.#entries.set(note.id, { ...note, exit: null, endedAt: null, held: true });
    // Those that ended meanwhile are told of here.
    const living = await this.#runtime.listSessions();
    for (const { session, guestId } of living) {
      const note = notes.get(session) ?? {
        id: session,
        guestId,
        command: [],
        user: 'root',
        createdAt: new Date().toISOString(),
        name: null,
        idleMinutes: null,
      };
      this.#entries.set(session, { ...note, guestId, exit: null, endedAt: null, held: true });
    }
    const alive = new Set(living.map(({ session }) => session));
    for (const { id, endedAt } of [...this.#entries.values()])
      if (!alive.has(id) && endedAt === null) await this.forget(id);
  }

  /** Note a shell that is about to be opened: `opened` or `forget` follows. */
  async add(note: Note): Promise<void> {
    this.#entries.set(note.id, { ...note, exit: null, endedAt: null, held: false });
    await this.#write(note);
  }

  /** Call a shell something, or nothing. Throws `not_found`. */
  async rename(id: string, name: string | null): Promise<void> {
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('not_found', `there is no shell ${id}`, { field: ['session'] });
    entry.name = name;
    if (entry.endedAt === null) await this.#write(entry);
  }

  /** It is there, or has been: a short one may have ended by now. */
  opened(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.held = true;
  }

  find(id: string): SessionMemory | null {
    return this.#entries.get(id) ?? null;
  }

  /** Write down how a shell ended; the first word counts. */
  ended(id: string, exit: ConsoleExit): void {
    const entry = this.#entries.get(id);
    if (!entry || entry.endedAt !== null) return;
    entry.exit = exit;
    entry.endedAt = performance.now();
    void this.#removeNote(id);
    this.#forgetOld();
  }

  async forget(id: string): Promise<void> {
    this.#entries.delete(id);
    this.#onForget(id);
    await this.#removeNote(id);
  }

  /** The shells of a guest, or of all, oldest first, with those that ended in the last ten minutes. */
  async list(guestId?: string): Promise<SessionMemory[]> {
    const living = new Set((await this.#runtime.listSessions()).map((one) => one.session));
    this.#forgetOld();
    const views: SessionMemory[] = [];
    for (const entry of this.#entries.values()) {
      if (!entry.held) continue;
      if (entry.endedAt === null && !living.has(entry.id))
        this.ended(entry.id, { status: null, signal: null });
      if (guestId === undefined || entry.guestId === guestId) {
        const { endedAt: _, held: __, ...memory } = entry;
        views.push(memory);
      }
    }
    return views.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  #forgetOld(): void {
    const oldest = performance.now() - ENDED_KEPT_MS;
    for (const { id, endedAt } of this.#entries.values())
      if (endedAt !== null && endedAt < oldest) {
        this.#entries.delete(id);
        this.#onForget(id);
      }
  }

  async #write({ id, guestId, command, user, createdAt, name, idleMinutes }: Note): Promise<void> {
    const path = this.#pathOf(id);
    const note: Note = { id, guestId, command, user, createdAt, name, idleMinutes };
    await writeFile(`${path}.new`, JSON.stringify(note), { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  async #readNotes(): Promise<Map<string, Note>> {
    const notes = new Map<string, Note>();
    for (const name of await readdir(this.#folder)) {
      if (!name.endsWith('.json')) continue;
      try {
        const note = noteSchema.parse(JSON.parse(await readFile(join(this.#folder, name), 'utf8')));
        notes.set(note.id, note);
      } catch (error) {
        this.#log.warn('a note of a shell cannot be read: it is removed', { name, error: String(error) });
        await rm(join(this.#folder, name), { force: true });
      }
    }
    return notes;
  }

  async #removeNote(id: string): Promise<void> {
    try {
      await rm(this.#pathOf(id), { force: true });
    } catch (error) {
      this.#log.warn('the note of a shell cannot be removed', { session: id, error: String(error) });
    }
  }
}
