import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { z } from 'zod';
import type { ScreenImage } from './screen.ts';

const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);

/** Bytes of a kept screen at the most, unpacked. */
export const KEPT_MOST = 1024 * 1024;
/** A larger one is not read again: so it is not written either. */
export const READ_MOST = 2 * KEPT_MOST;
const HEAD_MOST = 4096;

const headSchema = z.object({
  version: z.literal(1),
  /** All output before it is in the screen. */
  end: z.number().int().min(0),
  columns: z.number().int().min(1).max(1000),
  rows: z.number().int().min(1).max(1000),
  title: z.string(),
});
export type KeptHead = z.infer<typeof headSchema>;

/** Write a terminal's screen down, so that neither a restart nor a long sleep of nobody looking costs its scrollback. */
export async function keepScreen(path: string, end: number, image: ScreenImage): Promise<void> {
  const { bytes, columns, rows, title } = image;
  const head = JSON.stringify({ version: 1, end, columns, rows, title });
  const body = await pack(bytes, { level: 1 });
  await writeFile(`${path}.new`, Buffer.concat([Buffer.from(`${head}\n`), body]), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function headIn(bytes: Buffer): { head: KeptHead; length: number } | null {
  const line = bytes.indexOf(0x0a);
  if (line < 0) return null;
  try {
    return { head: headSchema.parse(JSON.parse(bytes.toString('utf8', 0, line))), length: line + 1 };
  } catch {
    return null;
  }
}

/** What a kept screen is of, without its bytes; null when there is none, or none that can be read. */
export async function readKeptHead(path: string): Promise<KeptHead | null> {
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_MOST), 0, HEAD_MOST, 0);
    return headIn(buffer.subarray(0, bytesRead))?.head ?? null;
  } finally {
    await file.close();
  }
}

/** A kept screen; null as above. */
export async function readKeptScreen(path: string): Promise<(KeptHead & { bytes: Uint8Array }) | null> {
  const file = await readFile(path).catch(() => null);
  const found = file && headIn(file);
  if (!found) return null;
  try {
    const bytes = await unpack(file.subarray(found.length), { maxOutputLength: READ_MOST });
    return { ...found.head, bytes };
  } catch {
    return null;
  }
}

export async function forgetScreen(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.new`, { force: true });
}
