import { type FileHandle, open, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RecordingEnd } from './schema.ts';

/** Text that waits for the disk, characters: a disk that is so far behind ends the recording, not the server. */
const WAITING_MOST = 16 * 1024 * 1024;
/** After so much, bytes, the room on the disk is looked at again. */
const LOOK_EVERY = 4 * 1024 * 1024;

export interface CastFileOptions {
  path: string;
  /** Bytes of the file at the most. */
  mostBytes(): number;
  /** Bytes of the disk that stay free for others. */
  leaveFree: number;
  /** Bytes that all recordings together may still have. */
  room(): number;
  /** It takes no more, and why. */
  onFull(why: Extract<RecordingEnd, 'size' | 'quota' | 'disk'>, reason: string | null): void;
}

/** A recording's file: lines are appended whole, in order, without holding anybody up. */
export class CastFile {
  readonly #options: CastFileOptions;
  readonly #file: FileHandle;
  #size: number;
  #waiting: string[] = [];
  #waitingLength = 0;
  #writing: Promise<void> | null = null;
  #lookAt: number;
  #isOver = false;

  private constructor(options: CastFileOptions, file: FileHandle, size: number) {
    this.#options = options;
    this.#file = file;
    this.#size = size;
    this.#lookAt = size;
  }

  /** A new file (`size` 0), or one that goes on. Throws the error of open(2). */
  static async open(options: CastFileOptions, size: number): Promise<CastFile> {
    const file = await open(options.path, size === 0 ? 'ax' : 'a', 0o600);
    return new CastFile(options, file, size);
  }

  /** Bytes, those that are on their way to the disk too. */
  get size(): number {
    return this.#size;
  }

  /** Append a line, with its newline. */
  add(line: string): void {
    if (this.#isOver) return;
    const bytes = Buffer.byteLength(line);
    const { mostBytes, room } = this.#options;
    const isLarge = this.#size + bytes > mostBytes();
    if (isLarge || bytes > room()) {
      this.#full(isLarge ? 'size' : 'quota', null);
      return;
    }
    this.#size += bytes;
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength > WAITING_MOST) this.#full('disk', 'the disk is too slow');
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  /** All of it is on the disk when this resolves; nothing is added any more. Never rejects. */
  async close(): Promise<void> {
    this.#isOver = true;
    await this.#writing;
    await this.#file.datasync().catch(() => undefined);
    await this.#file.close().catch(() => undefined);
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const text = this.#waiting.join('');
      this.#waiting = [];
      this.#waitingLength = 0;
      try {
        await this.#checkDisk(text.length);
        await this.#file.writeFile(text);
      } catch (error) {
        this.#waiting = [];
        const { size } = await this.#file.stat().catch(() => ({ size: this.#size }));
        this.#size = size;
        this.#full('disk', error instanceof Error ? error.message : String(error));
        return;
      }
    }
  }

  async #checkDisk(length: number): Promise<void> {
    if (this.#size < this.#lookAt) return;
    this.#lookAt = this.#size + LOOK_EVERY;
    const { bavail, bsize } = await statfs(dirname(this.#options.path));
    if (bavail * bsize - length < this.#options.leaveFree) throw new Error('the disk is full');
  }

  #full(why: Parameters<CastFileOptions['onFull']>[0], reason: string | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onFull(why, reason);
  }
}
