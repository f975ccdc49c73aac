import { readFile } from 'node:fs/promises';

/** `key=value` entries, each ended by a NUL byte: the form of the files that a holder leaves. Pure. */
export function parseEntries(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const entry of text.split('\0')) {
    const at = entry.indexOf('=');
    if (at > 0) entries.set(entry.slice(0, at), entry.slice(at + 1));
  }
  return entries;
}

/** The entries of a file; null when it is not there. */
export async function readEntries(path: string): Promise<Map<string, string> | null> {
  try {
    return parseEntries(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
