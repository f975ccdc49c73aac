import { readFileSync } from 'node:fs';
import { AT_EXPIRY, type AtExpiry, dayAfter, dayOf } from '../guest/expiry-schema.ts';
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
  contact: { type: 'string', value: 'TEXT', help: 'who to ask: a name, an address; empty for nobody' },
  link: {
    type: 'string',
    multiple: true,
    value: 'TITLE URL',
    help: "a link to add, such as 'Runbook https://wiki/web'; may be repeated",
  },
  expires: {
    type: 'string',
    value: 'DAY',
    help: 'from when on it has expired: 2026-12-31, 30d from now, or none',
  },
  'at-expiry': { type: 'string', value: 'WHAT', help: `what happens then: ${AT_EXPIRY.join(', ')}` },
  field: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'a field of its project; without a value it is taken away; may be repeated',
  },
};

/** The options that were given. Throws what is wrong with the file of the notes. */
export function readRecord({ text, texts }: Pick<Invocation, 'text' | 'texts'>) {
  const tags = texts('tag');
  const links = texts('link').map(readLink);
  const fields = texts('field').map(readField);
  const contact = text('contact');
  const expires = text('expires');
  const atExpiry = text('at-expiry');
  const notes = text('notes');
  const owner = text('owner');
  return {
    ...(tags.length > 0 && { tags }),
    ...(notes !== undefined && { notes: readNotes(notes) }),
    ...(owner !== undefined && { owner: owner || null }),
    ...(contact !== undefined && { contact }),
    ...(links.length > 0 && { links }),
    ...(expires !== undefined && { expires: readExpires(expires) }),
    ...(atExpiry !== undefined && { atExpiry: readAtExpiry(atExpiry) }),
    ...(fields.length > 0 && { fields: Object.fromEntries(fields) }),
  };
}

/** The same for a guest that is made: there is nothing to take away. */
export function readNewRecord(invocation: Pick<Invocation, 'text' | 'texts'>) {
  const { fields = {}, ...words } = readRecord(invocation);
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null);
  return { ...words, ...(given.length > 0 && { fields: Object.fromEntries(given) }) };
}

function readLink(text: string): { title: string; url: string } {
  const at = text.trimEnd().lastIndexOf(' ');
  const [title, url] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && title !== '' && /^https?:\/\//i.test(url)) return { title, url };
  throw misused(`--link ${text} is no title and address: write 'Runbook https://wiki/web'`);
}

/** An empty value takes it away. */
function readField(text: string): [string, string | null] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1) || null];
  throw misused(`--field ${text} is no name and value: write cost-centre=4711`);
}

function readExpires(text: string): string | null {
  if (text === 'none' || text === '') return null;
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  if (days !== undefined) return dayAfter(dayOf(Date.now()), Number(days));
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw misused(`--expires ${text} is no day: write 2026-12-31, 30d or none`);
}

function readAtExpiry(text: string): AtExpiry {
  const known = AT_EXPIRY.find((one) => one === text);
  if (known) return known;
  throw misused(`--at-expiry ${text} must be ${AT_EXPIRY.join(', ')}`);
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
