import { readFileSync } from 'node:fs';
import type { Invocation, OptionSpec } from './command.ts';
import { misused } from './fail.ts';

/** What people write about a guest. */
export const RECORD_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  tag: {
    type: 'string',
    multiple: true,
    value: 'TAG',
    help: 'a tag to add, such as web or env=prod; may be repeated',
  },
  notes: {
    type: 'string',
    value: 'TEXT',
    help: 'notes in Markdown; @FILE reads them, @- from standard input',
  },
  owner: { type: 'string', value: 'USER', help: 'whose it is: a user name or root; empty for nobody' },
};

/** The options that were given. Throws what is wrong with the file of the notes. */
export function readRecord({ text, texts }: Pick<Invocation, 'text' | 'texts'>) {
  const tags = texts('tag');
  const notes = text('notes');
  const owner = text('owner');
  return {
    ...(tags.length > 0 && { tags }),
    ...(notes !== undefined && { notes: readNotes(notes) }),
    ...(owner !== undefined && { owner: owner || null }),
  };
}

function readNotes(text: string): string {
  if (!text.startsWith('@')) return text;
  try {
    return readFileSync(text === '@-' ? 0 : text.slice(1), 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw misused(`the notes of --notes ${text} cannot be read: ${why}`);
  }
}
