import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';

const TICKS_PER_SECOND = 100; // USER_HZ, which the kernel's ABI fixes

/** A web terminal that is measured. Disposing ends it. */
export interface Subject extends AsyncDisposable {
  name: string;
  /** Another shell in a fresh page, at its prompt. Resolves to how long that took from the person's act, ms. */
  open(page: Page): Promise<number>;
  /** Have this many other terminals flood. Resolves to how to end that. */
  flood(count: number): Promise<() => Promise<void>>;
  /** A file of this size which its shells can read, and its path there. */
  makeFile(bytes: number): Promise<string>;
  /** Processes which do its work: all but shells and what they run. */
  pids(): number[];
}

const LINE = `${'0123456789abcdef'.repeat(4).slice(0, 63)}\n`;

/** Lines of 64 bytes. */
export function fileOf(bytes: number): Buffer {
  return Buffer.alloc(bytes, LINE);
}

/** Processor time of processes so far, all threads, ms. */
export function cpuMillis(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (ticks * 1000) / TICKS_PER_SECOND;
}

/** Processes whose command line has all these words. */
export function pidsOf(...words: string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.every((word) => line.some((part) => part.includes(word)));
      } catch {
        return false; // it has ended meanwhile
      }
    });
}
