import type { ReadStream, WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const CTRL_C = '\u0003';

/** A table that is drawn again and again on the terminal's alternate screen, until q or Ctrl-C is pressed. */
export class LiveScreen {
  readonly #out: WriteStream;
  readonly #keys: ReadStream | null;
  #last: [string, string] | null = null;
  #left = false;

  constructor(out: WriteStream, keys: ReadStream) {
    this.#out = out;
    this.#keys = keys.isTTY ? keys : null;
    out.write(ENTER);
    out.on('resize', this.#redraw);
    process.on('SIGTERM', this.#leave);
    this.#keys?.setRawMode(true);
    this.#keys?.on('data', this.#press);
    this.#keys?.resume();
  }

  /** Draw it. False: the user has left, the last drawing was the last. */
  show(title: string, table: string): boolean {
    if (this.#left) return false;
    this.#last = [title, table];
    this.#redraw();
    return true;
  }

  close(): void {
    this.#out.off('resize', this.#redraw);
    process.off('SIGTERM', this.#leave);
    this.#keys?.off('data', this.#press);
    this.#keys?.setRawMode(false);
    this.#keys?.pause();
    if (!this.#left) this.#out.write(LEAVE);
    this.#left = true;
  }

  #redraw = (): void => {
    if (!this.#last) return;
    const [title, table] = this.#last;
    const lines = [`${title}   (q ends)`, '', ...table.split('\n')].slice(0, Math.max(3, this.#out.rows));
    const cut = (line: string) => [...stripVTControlCharacters(line)].slice(0, this.#out.columns).join('');
    this.#out.write(`\u001b[H\u001b[2J${lines.map(cut).join('\r\n')}`);
  };

  #press = (bytes: Buffer): void => {
    const keys = bytes.toString('utf8');
    if (keys.includes('q') || keys.includes(CTRL_C)) this.#leave();
  };

  /** At once, whatever the next drawing takes: the process ends as soon as nobody waits any more. */
  #leave = (): void => {
    if (this.#left) return;
    this.close();
    process.exit(0);
  };
}
