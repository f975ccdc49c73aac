import { DEFAULT_SETTINGS, ENTRY_DEFAULTS } from '../settings/index.ts';

/** A configuration with what it leaves out as it is by default; what is there stays, wrong or not. */
export function fillDefaults(value: unknown): unknown {
  const filled = overlay(DEFAULT_SETTINGS, value);
  for (const [path, defaults] of Object.entries(ENTRY_DEFAULTS)) {
    const [section = '', list = ''] = path.split('.');
    const parent = isRecord(filled) ? filled[section] : undefined;
    const entries = isRecord(parent) ? parent[list] : undefined;
    if (isRecord(parent) && Array.isArray(entries))
      parent[list] = entries.map((entry) => (isRecord(entry) ? { ...defaults, ...entry } : entry));
  }
  return filled;
}

/** `given` over `defaults`, map by map; a choice between shapes (seccomp) and a list are taken whole. */
function overlay(defaults: unknown, given: unknown): unknown {
  if (given === undefined) return structuredClone(defaults);
  if (!isRecord(defaults) || !isRecord(given) || 'mode' in defaults) return given;
  const merged: Record<string, unknown> = { ...given };
  for (const [key, value] of Object.entries(defaults)) merged[key] = overlay(value, given[key]);
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
