/** An event of an asciicast: seconds since the beginning, its code, what it says. */
export interface CastEvent {
  time: number;
  code: string;
  data: string;
}

export interface Cast {
  columns: number;
  rows: number;
  events: CastEvent[];
  /** Seconds. */
  duration: number;
}

const LARGEST = 1000;

/** Read an asciicast v2. A line at its end that is cut off (a recording that goes on) is left out. Throws Error for what is none. */
export function parseCast(text: string): Cast {
  const [first = '', ...lines] = text.split('\n');
  const head: unknown = JSON.parse(first);
  if (typeof head !== 'object' || head === null) throw new Error('this is no asciicast');
  const { version, width, height } = Object.fromEntries(Object.entries(head));
  if (version !== 2 || !isSize(width) || !isSize(height))
    throw new Error('this is no asciicast of version 2');
  const events = lines.flatMap((line) => parseEvent(line) ?? []);
  return { columns: width, rows: height, events, duration: events.at(-1)?.time ?? 0 };
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST;
}

function parseEvent(line: string): CastEvent | null {
  try {
    const event: unknown = JSON.parse(line);
    if (!Array.isArray(event)) return null;
    const [time, code, data]: unknown[] = event;
    const isEvent = typeof time === 'number' && typeof code === 'string' && typeof data === 'string';
    return isEvent ? { time, code, data } : null;
  } catch {
    return null;
  }
}

/** `100x30` as a size; null for what is none. */
export function sizeIn(data: string): { columns: number; rows: number } | null {
  const [columns, rows] = data.split('x').map(Number);
  return isSize(columns) && isSize(rows) ? { columns, rows } : null;
}

/** Seconds as a clock: `0:07`, `12:03`, `1:00:00`. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
