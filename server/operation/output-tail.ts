/** Characters of a running operation's output that are kept; the beginning goes first. */
const KEPT = 256 * 1024;

/** The end of what an operation printed. */
export class OutputTail {
  #chunks: string[] = [];
  #length = 0;

  append(text: string): void {
    this.#chunks.push(text);
    this.#length += text.length;
    if (this.#length > 2 * KEPT) this.#compact();
  }

  #compact(): void {
    const text = this.#chunks.join('').slice(-KEPT);
    this.#chunks = [text];
    this.#length = text.length;
  }

  /** At most 256 Ki characters. PostgreSQL stores no NUL, so none is kept. */
  text(): string {
    this.#compact();
    return (this.#chunks[0] ?? '').replaceAll('\0', '');
  }
}
