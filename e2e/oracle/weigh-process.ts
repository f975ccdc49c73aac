import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds of the host. */
export interface Weight {
  descriptors: number;
  rssBytes: number;
}

/** Look at it now. Throws ENOENT when it is gone. */
export function weigh(pid: number): Weight {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { descriptors: readdirSync(`/proc/${pid}/fd`).length, rssBytes: Number(kilobytes) * 1024 };
}

/** What has grown beyond what is allowed, a line each. Pure. */
export function growth(before: Weight, after: Weight, allowed: Weight): string[] {
  const lines: string[] = [];
  const descriptors = after.descriptors - before.descriptors;
  if (descriptors > allowed.descriptors)
    lines.push(`${descriptors} descriptors more than before, ${allowed.descriptors} are allowed`);
  const bytes = after.rssBytes - before.rssBytes;
  if (bytes > allowed.rssBytes) lines.push(`${bytes} bytes of memory more, ${allowed.rssBytes} are allowed`);
  return lines;
}
