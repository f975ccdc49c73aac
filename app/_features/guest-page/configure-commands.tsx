'use client';

import { EquivalentCommands, shellQuote } from '../../_ui/index.ts';
import type { ConfigureInput } from './guest-config.ts';
import { formatSize } from './size.ts';

const PLAIN_LIMITS = ['cpu', 'memory', 'swap', 'pids'] as const;

/** A change as a command and as a call. */
export function ConfigureCommands({ name, input }: { name: string; input: ConfigureInput }) {
  return (
    <EquivalentCommands
      cli={setCommand(name, input)}
      api={{ procedure: 'guest.configure', input: { guest: name, ...input } }}
    />
  );
}

/** `berth guest set …`: the common limits by their options, whatever has none as JSON. Pure. */
export function setCommand(name: string, input: ConfigureInput): string {
  const { limits = {}, isolation, init, stopTimeoutMs, revertAfterSeconds, command } = input;
  const words = ['berth', 'guest', 'set', name];
  for (const limit of PLAIN_LIMITS) {
    const value = limits[limit];
    if (value === undefined) continue;
    const isSize = limit === 'memory' || limit === 'swap';
    words.push(`--${limit}`, isSize ? formatSize(value).replace(' ', '') : String(value));
  }
  const rest = Object.entries(limits).filter(([key]) => !PLAIN_LIMITS.some((plain) => plain === key));
  const others = {
    ...(rest.length > 0 && { limits: Object.fromEntries(rest) }),
    ...(isolation && { isolation }),
    ...(init && { init }),
  };
  if (Object.keys(others).length > 0) words.push('--settings', JSON.stringify(others));
  if (stopTimeoutMs !== undefined) words.push('--stop-timeout', `${stopTimeoutMs}ms`);
  if (revertAfterSeconds !== undefined) words.push('--revert-after', `${revertAfterSeconds}s`);
  if (command !== undefined) words.push('--', ...command);
  return words.map(shellQuote).join(' ');
}
