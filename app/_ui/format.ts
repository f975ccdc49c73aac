const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const SUFFIX: Record<string, number> = { '': 0, k: 1, m: 2, g: 3, t: 4, p: 5 };

/** Bytes for a person: `0 B`, `4.2 MiB`, `512 MiB`; three digits at the most. */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 1023.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = value < 9.95 && unit > 0 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));
  return `${bytes < 0 ? '-' : ''}${text} ${UNITS[unit]}`;
}

/** Bytes without loss, for a field that is edited: `512 MiB`, `1.5 GiB`, `1000 B`. */
export function formatBytesExact(bytes: number): string {
  if (bytes === 0) return '0';
  if (bytes < 0) return `-${formatBytesExact(-bytes)}`;
  for (let unit = 5; unit > 0; unit -= 1) {
    const value = bytes / 1024 ** unit;
    if (value >= 1 && Number.isInteger(value * 100)) return `${value} ${UNITS[unit]}`;
  }
  return `${bytes} B`;
}

/** The largest round size that is not above so many bytes, for a limit: 24,684,092 KiB is `23.54 GiB`. */
export function formatBytesWithin(bytes: number): string {
  const unit = UNITS.findLastIndex((_, power) => bytes >= 1024 ** power);
  return unit < 0 ? '0' : `${Math.floor((bytes / 1024 ** unit) * 100) / 100} ${UNITS[unit]}`;
}

/** `512M`, `1.5 GiB`, `64k`, `1000` to bytes; all units are powers of 1,024; a sign is kept, for the form to refuse. NaN when it is none of these. */
export function parseBytes(text: string): number {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([kmgtp]?)(?:i?b)?\s*$/i.exec(text);
  if (!match) return Number.NaN;
  return Math.round(Number(match[1]) * 1024 ** (SUFFIX[(match[2] ?? '').toLowerCase()] ?? 0));
}

/** Cores in use or allowed: `0.03`, `1.5`, `12`. */
export function formatCores(cores: number): string {
  return cores.toFixed(cores < 10 ? 2 : 1).replace(/\.?0+$/, '') || '0';
}

/** Milliseconds it took: `3 ms`, `1.2 s`, `2 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How long between two times (ms), in its largest unit or two: `now`, `12 s`, `5 min`, `3 h 20 min`, `4 d`. */
export function formatRelative(then: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - then) / 1000));
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 && hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d`;
}

/** The exact time, to the second, in the reader's own zone: `2026-11-24 00:12:07`. */
export function formatExact(at: string): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `12:03`, or with its day where that is not the one of `now` (ms since 1970), as the reader's clock has it. */
export function clockTime(at: string, now = Date.now()): string {
  const exact = formatExact(at);
  const isToday = exact.slice(0, 10) === formatExact(new Date(now).toISOString()).slice(0, 10);
  return exact.slice(isToday ? 11 : 0, 16);
}

/** `1 guest`, `3 guests`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** An argument as a shell would need it written. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
