/** The newest output of a terminal, shared by all who look at it: bytes [start, end) of the stream. */
export class Backlog {
  #parts: { offset: number; bytes: Uint8Array }[] = [];
  #start = 0;
  #end = 0;

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  /** Forget everything; what is added next begins at `offset`. */
  restart(offset: number): void {
    this.#parts = [];
    this.#start = offset;
    this.#end = offset;
  }

  /** Bytes at the end. A jump of the offset (a ring that was overrun) begins anew. */
  add(offset: number, bytes: Uint8Array): void {
    if (offset !== this.#end) this.restart(offset);
    this.#parts.push({ offset, bytes });
    this.#end = offset + bytes.length;
  }

  /** Keep at least what comes from `offset` on, and otherwise at most `most` bytes. */
  trim(offset: number, most: number): void {
    while (this.#parts[0]) {
      const next = this.#parts[0].offset + this.#parts[0].bytes.length;
      if (next > offset || this.#end - this.#start <= most) return;
      this.#parts.shift();
      this.#start = next;
    }
  }

  /** What there is from `offset` on, at most `most` bytes; null where there is none. */
  read(offset: number, most: number): Uint8Array | null {
    if (offset < this.#start || offset >= this.#end) return null;
    const taken: Uint8Array[] = [];
    let at = offset;
    for (let index = this.#indexOf(offset); at < offset + most; index++) {
      const part = this.#parts[index];
      if (!part) break;
      const bytes = part.bytes.subarray(at - part.offset, offset + most - part.offset);
      taken.push(bytes);
      at += bytes.length;
    }
    return taken.length === 1 ? (taken[0] ?? null) : Buffer.concat(taken);
  }

  /** Of the part that holds the byte at `offset`: who keeps up reads the last ones. */
  #indexOf(offset: number): number {
    return this.#parts.findLastIndex((part) => part.offset <= offset);
  }
}
