'use client';

import { EquivalentCommands, shellQuote } from '../../_ui/index.ts';
import type { ConfigureInput } from './guest-config.ts';
import { limitWords } from './limit-words.ts';

/** A change as a command and as a call. */
export function ConfigureCommands({ name, input }: { name: string; input: ConfigureInput }) {
  return (
    <EquivalentCommands
      cli={setCommand(name, input)}
      api={{ procedure: 'guest.configure', input: { guest: name, ...input } }}
    />
  );
}

/** `berth guest set …`: limits by their options, whatever has none as JSON. Pure. */
export function setCommand(name: string, input: ConfigureInput): string {
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
  if (command !== undefined) words.push('--', ...command);
  return words.map(shellQuote).join(' ');
}
