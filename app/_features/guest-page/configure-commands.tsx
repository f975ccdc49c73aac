'use client';

import { EquivalentCommands, shellQuote } from '../../_ui/index.ts';
import type { ConfigureInput, describeInput } from './guest-config.ts';
import { limitWords } from './limit-words.ts';

type Words = NonNullable<ReturnType<typeof describeInput>>;

/** A change as a command and as a call. */
export function ConfigureCommands(props: { name: string; input: ConfigureInput; words?: Words | null }) {
  const { name, input, words } = props;
  const api =
    words && Object.keys(input).length === 0
      ? { procedure: 'guest.describe', input: { guest: name, ...words } }
      : { procedure: 'guest.configure', input: { guest: name, ...input } };
  return <EquivalentCommands cli={setCommand(name, input, words ?? {})} api={api} />;
}

/** `berth guest set …`: limits by their options, whatever has none as JSON. Pure. */
export function setCommand(name: string, input: ConfigureInput, about: Words = {}): string {
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
  for (const tag of about.addTags ?? []) words.push('--tag', tag);
  for (const tag of about.removeTags ?? []) words.push('--untag', tag);
  if (about.owner !== undefined) words.push('--owner', about.owner ?? '');
  if (about.notes !== undefined) words.push('--notes', about.notes);
  if (command !== undefined) words.push('--', ...command);
  return words.map(shellQuote).join(' ');
}
