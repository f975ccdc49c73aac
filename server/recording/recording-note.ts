import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceDurably } from '../instance/write-durably.ts';
import type { Log } from '../platform.ts';
import type { RecordingView } from './schema.ts';

const noteSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{20}$/),
  guestId: z.string(),
  guest: z.string(),
  session: z.string().nullable(),
  title: z.string(),
  user: z.string().nullable(),
  startedBy: z.string(),
  isAlways: z.boolean(),
  project: z.string().nullable().default(null),
  mostBytes: z.number().nullable().default(null),
  keepDays: z.number().nullable().default(null),
  hasInput: z.boolean(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  end: z.enum(['stopped', 'ended', 'size', 'quota', 'disk', 'lost', 'policy']).nullable(),
  stoppedBy: z.string().nullable(),
  seconds: z.number(),
  size: z.number(),
}) satisfies z.ZodType<RecordingView>;

/** Write down what is known of a recording beside its file; whole or as before. */
export function writeNote(folder: string, note: RecordingView): void {
  replaceDurably(join(folder, `${note.id}.json`), `${JSON.stringify(note)}\n`, 0o600);
}

/** All notes of a folder; one that cannot be read stays where it is, and is told of. */
export async function readNotes(folder: string, log: Log): Promise<RecordingView[]> {
  const notes: RecordingView[] = [];
  const names = await readdir(folder);
  for (const name of names) {
    const id = /^([0-9a-f]{20})\.json$/.exec(name)?.[1];
    if (!id) continue;
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const note = parseNote(text);
    if (note?.id === id) notes.push(note);
    else log.warn('the note of a recording cannot be read: it is left aside', { name });
  }
  for (const name of names.filter((one) => one.endsWith('.new')))
    await rm(join(folder, name), { force: true });
  return notes;
}

function parseNote(text: string): RecordingView | null {
  try {
    return noteSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
