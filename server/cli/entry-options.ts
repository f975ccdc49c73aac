import type { OptionSpec } from './command.ts';
import { misused } from './fail.ts';

/** How a program comes into a guest: of shells and of single commands. */
export const ENTRY_OPTIONS = {
  user: { type: 'string', short: 'u', value: 'USER', help: 'name or uid in the guest (default root)' },
  workdir: { type: 'string', short: 'w', value: 'DIR', help: 'where it begins, an absolute path' },
  env: {
    type: 'string',
    short: 'e',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'of its environment; may be repeated',
  },
} as const satisfies Record<string, OptionSpec>;

/** `NAME=VALUE` words as a record. A bare NAME takes the value from our own environment, as in docker and env -S. */
export function readEnvironment(words: readonly string[]): Record<string, string> | undefined {
  if (words.length === 0) return undefined;
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      const name = at < 0 ? word : word.slice(0, at);
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        throw misused(`--env is ${JSON.stringify(word)}: give NAME=VALUE`);
      }
      return [name, at < 0 ? (process.env[name] ?? '') : word.slice(at + 1)];
    }),
  );
}
