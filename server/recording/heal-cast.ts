import { open } from 'node:fs/promises';
import { timeOf } from './asciicast.ts';

/** What of the end of a file is read at once, bytes: more than most lines have (holders speak in 64 KiB, and JSON writes an ESC in 6). */
const PIECE = 1024 * 1024;
/** A line that is longer, bytes, is none of ours: not even the picture of a large screen is. */
const LONGEST_LINE = 32 * 1024 * 1024;

/**
 * Cut off the line that a crash left half written, so that the file plays and can go on. Resolves to its size (bytes) and the
 * time of its last event (seconds); null when not even its first line is there.
 */
export async function healCast(path: string): Promise<{ size: number; seconds: number } | null> {
  const file = await open(path, 'r+');
  try {
    let { size } = await file.stat();
    for (let piece = PIECE; ; ) {
      const from = Math.max(0, size - piece);
      const tail = Buffer.alloc(size - from);
      await file.read(tail, 0, tail.length, from);
      const whole = tail.lastIndexOf(0x0a) + 1;
      if (whole === 0) {
        if (from === 0) return null;
        size = from;
        continue;
      }
      size = from + whole;
      await file.truncate(size);
      const before = whole < 2 ? 0 : tail.lastIndexOf(0x0a, whole - 2) + 1;
      // It begins further up.
      if (before === 0 && from > 0 && piece < LONGEST_LINE) {
        piece *= 2;
        continue;
      }
      // The first line has no time.
      if (from + before === 0) return { size, seconds: 0 };
      const seconds = timeOf(tail.toString('utf8', before, whole));
      if (seconds !== null) return { size, seconds };
      // A power cut may leave zeros or worse in front of the newline.
      size = from + before;
      piece = PIECE;
    }
  } finally {
    await file.close();
  }
}
