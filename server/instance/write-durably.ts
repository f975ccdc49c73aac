import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

let counter = 0;

/**
 * Write a file that must not exist yet: whole and on disk, or not at all (write aside, fsync, link(2), which
 * never replaces). False when the file exists already.
 */
export function writeDurably(path: string, text: string, mode = 0o644): boolean {
  if (existsSync(path)) return false;
  const aside = writeAside(path, text, mode);
  try {
    linkSync(aside, path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  syncFolder(path);
  return true;
}

/** Write a file anew: whoever reads it, also after a power cut, finds the old text or the new one, whole. */
export function replaceDurably(path: string, text: string, mode = 0o644): void {
  renameSync(writeAside(path, text, mode), path);
  syncFolder(path);
}

function writeAside(path: string, text: string, mode: number): string {
  const aside = `${path}.${process.pid}.${counter++}.new`;
  const file = openSync(aside, 'wx', mode);
  try {
    // All of it: write(2) takes a part where the disk is nearly full.
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return aside;
}

function syncFolder(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
