/** What one entry of a list is in what it does not say. */
export const ENTRY_DEFAULTS = {
  'limits.io': { readBytes: null, writeBytes: null, readOps: null, writeOps: null },
  'isolation.mounts': { readOnly: false, idmap: true, recursive: false, propagation: 'private' },
  'isolation.devices': { target: null, access: 'rw', mode: 0o660, uid: 0, gid: 0 },
  'init.hooks': { args: [], env: [], timeoutMs: 10_000 },
} as const;

/** Paths of settings that are a number of bytes (or bytes per second): written with IEC units. */
export const BYTES_PATHS: ReadonlySet<string> = new Set([
  'limits.memory',
  'limits.memoryHigh',
  'limits.memoryLow',
  'limits.swap',
  'limits.networkReceive',
  'limits.networkTransmit',
  'limits.io.*.readBytes',
  'limits.io.*.writeBytes',
  'limits.hugepages.*.bytes',
]);

/** `['limits', 'io', 0, 'readBytes']` as BYTES_PATHS names it. */
export function patternOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' || /^\d+$/.test(String(part)) ? '*' : String(part)))
    .join('.');
}

/** The same tree with every size (BYTES_PATHS) changed by `change`; nothing else, and null stays null. Pure. */
export function withSizes(value: unknown, path: PropertyKey[], change: (size: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each, index) => withSizes(each, [...path, index], change));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, withSizes(each, [...path, key], change)]),
    );
  }
  return value !== null && value !== undefined && BYTES_PATHS.has(patternOf(path)) ? change(value) : value;
}
