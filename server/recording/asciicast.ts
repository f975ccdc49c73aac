/** What an event is: output, input, a new size, a mark (asciicast v2, docs.asciinema.org/manual/asciicast/v2). */
export type CastCode = 'o' | 'i' | 'r' | 'm';

export interface CastHeader {
  columns: number;
  rows: number;
  startedAt: Date;
  title: string;
}

/** The first line of an asciicast v2 file. */
export function castHeader({ columns, rows, startedAt, title }: CastHeader): string {
  return `${JSON.stringify({
    version: 2,
    width: columns,
    height: rows,
    timestamp: Math.floor(startedAt.getTime() / 1000),
    title,
    env: { TERM: 'xterm-256color' },
  })}\n`;
}

/** One event's line; `seconds` since the beginning. */
export function castEvent(seconds: number, code: CastCode, data: string): string {
  return `[${seconds.toFixed(6)}, "${code}", ${JSON.stringify(data)}]\n`;
}

/** Text of a stream of bytes: a character that is split between two parts comes with the second, what is no UTF-8 as U+FFFD. */
export class CastText {
  #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  add(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** The rest of a character that never came to its end. */
  end(): string {
    const rest = this.#decoder.decode();
    this.#decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return rest;
  }
}

/** The time of an event's line, seconds; null for what is none. */
export function timeOf(line: string): number | null {
  try {
    const event: unknown = JSON.parse(line);
    return Array.isArray(event) && typeof event[0] === 'number' && event.length === 3 ? event[0] : null;
  } catch {
    return null;
  }
}
