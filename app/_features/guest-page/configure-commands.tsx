'use client';

import { EquivalentCommands, shellQuote } from '../../_ui/index.ts';
import type { ConfigureInput, describeInput } from './guest-config.ts';
import { limitWords } from './limit-words.ts';

type Words = NonNullable<ReturnType<typeof describeInput>>;

/** A change as a command and as a call. */
export function ConfigureCommands(props: {
  name: string;
  input: ConfigureInput;
  words?: Words | null;
  record?: { always: boolean } | null;
}) {
  const { name, input, words, record } = props;
  const about = { ...words, ...(record && { always: record.always }) };
  return <EquivalentCommands cli={setCommand(name, input, about)} api={callOf(name, input, words, record)} />;
}

/** The call that makes the change; of several the first. */
function callOf(
  name: string,
  input: ConfigureInput,
  words: Words | null | undefined,
  record: { always: boolean } | null | undefined,
) {
  if (Object.keys(input).length === 0) {
    if (words) return { procedure: 'guest.describe', input: { guest: name, ...words } };
    if (record) return { procedure: 'recording.setPolicy', input: { guest: name, ...record } };
  }
  return { procedure: 'guest.configure', input: { guest: name, ...input } };
}

/** `berth guest set …`: limits by their options, whatever has none as JSON. Pure. */
export function setCommand(
  name: string,
  input: ConfigureInput,
  about: Words & { always?: boolean } = {},
): string {
  const { limits = {}, isolation, init, stopTimeoutMs, revertAfterSeconds, command } = input;
  const words = ['berth', 'guest', 'set', name];
  const { words: typed, rest } = limitWords(limits);
  words.push(...typed);
  const others = {
    ...(Object.keys(rest).length > 0 && { limits: rest }),
    ...(isolation && { isolation }),
    ...(init && { init }),
  };
  if (Object.keys(others).length > 0) words.push('--settings', JSON.stringify(others));
  if (stopTimeoutMs !== undefined) words.push('--stop-timeout', `${stopTimeoutMs}ms`);
  if (revertAfterSeconds !== undefined) words.push('--revert-after', `${revertAfterSeconds}s`);
  words.push(...aboutWords(about));
  if (about.always !== undefined) words.push('--record', about.always ? 'always' : 'asked');
  if (command !== undefined) words.push('--', ...command);
  return words.map(shellQuote).join(' ');
}

/** What people write, as options. */
function aboutWords(about: Words): string[] {
  const words: string[] = [];
  for (const tag of about.addTags ?? []) words.push('--tag', tag);
  for (const tag of about.removeTags ?? []) words.push('--untag', tag);
  if (about.owner !== undefined) words.push('--owner', about.owner ?? '');
  if (about.notes !== undefined) words.push('--notes', about.notes);
  if (about.contact !== undefined) words.push('--contact', about.contact);
  for (const { title, url } of about.addLinks ?? []) words.push('--link', `${title} ${url}`);
  for (const url of about.removeLinks ?? []) words.push('--unlink', url);
  if (about.expires !== undefined) words.push('--expires', about.expires ?? 'none');
  if (about.atExpiry !== undefined) words.push('--at-expiry', about.atExpiry);
  for (const [field, value] of Object.entries(about.setFields ?? {}))
    words.push('--field', `${field}=${value ?? ''}`);
  return words;
}
