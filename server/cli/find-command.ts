import { suggestion } from '../errors/nearest.ts';
import { COMMANDS, LAUNCHER_VERBS, SHORT_NAMES } from './commands.ts';
import { misused } from './fail.ts';

export type FoundCommand =
  | { type: 'command'; name: string; args: string[] }
  | { type: 'help'; words: string[] };

/** What the completion of bash calls; no command for people. */
export const COMPLETE = '__complete';

/** The nouns of the table, each once. */
export function nouns(): string[] {
  return [...new Set(Object.keys(COMMANDS).map((name) => name.split(' ')[0] ?? ''))];
}

/** The verbs of a noun. */
export function verbsOf(noun: string): string[] {
  return Object.keys(COMMANDS)
    .filter((name) => name.startsWith(`${noun} `))
    .map((name) => name.slice(noun.length + 1));
}

/** The full name behind `noun verb`, its aliases included; null when there is none. */
export function resolveVerb(noun: string, verb: string): string | null {
  if (`${noun} ${verb}` in COMMANDS) return `${noun} ${verb}`;
  for (const [name, entry] of Object.entries(COMMANDS)) {
    if (name.startsWith(`${noun} `) && entry.aliases?.includes(verb)) return name;
  }
  return null;
}

/**
 * Which command a command line asks for. Options that every command has may come before its name.
 * Throws `bad_input` that suggests the nearest for a word that is none.
 */
export function findCommand(args: readonly string[]): FoundCommand {
  const { leading, words } = takeLeading(args);
  const [first, second] = words;
  if (first === undefined || first === 'help') return { type: 'help', words: words.slice(1) };
  if (first === '-h' || first === '--help') return { type: 'help', words: [] };
  if (first.startsWith('-')) throw misused(`a command comes first, ${first} is an option: see berth help`);
  if (first === COMPLETE) return { type: 'command', name: first, args: [...leading, ...words.slice(1)] };
  const short = SHORT_NAMES[first];
  if (short !== undefined) return { type: 'command', name: short, args: [...leading, ...words.slice(1)] };
  const known = nouns();
  if (!known.includes(first)) throw misused(explainFirst(first, known));
  if (second === undefined || second === '-h' || second === '--help') return { type: 'help', words: [first] };
  const name = resolveVerb(first, second);
  if (!name) {
    const verbs = verbsOf(first);
    const near = suggestion(second, [...verbs, ...aliasesOf(first)]);
    throw misused(`${first} has no verb ${JSON.stringify(second)}${near || `: it has ${verbs.join(', ')}`}`);
  }
  return { type: 'command', name, args: [...leading, ...words.slice(2)] };
}

function aliasesOf(noun: string): string[] {
  return Object.entries(COMMANDS).flatMap(([name, entry]) =>
    name.startsWith(`${noun} `) ? [...(entry.aliases ?? [])] : [],
  );
}

function explainFirst(first: string, known: readonly string[]): string {
  if (first in LAUNCHER_VERBS) return `${first} comes first, then its options: berth ${first} --data DIR`;
  const near = suggestion(first, [
    ...known,
    ...Object.keys(SHORT_NAMES),
    ...Object.keys(LAUNCHER_VERBS),
    'help',
  ]);
  if (near) return `there is no command ${JSON.stringify(first)}${near}`;
  if (verbsOf('guest').includes(first)) {
    return `there is no command ${JSON.stringify(first)}: did you mean guest ${first}?`;
  }
  return `there is no command ${JSON.stringify(first)}: see berth help`;
}

/** `--data DIR` and `--json` may stand before the command. */
function takeLeading(args: readonly string[]): { leading: string[]; words: string[] } {
  const leading: string[] = [];
  let i = 0;
  for (;;) {
    const arg = args[i];
    if (arg === '--json' || arg?.startsWith('--data=')) leading.push(arg);
    else if (arg === '--data') {
      leading.push(...args.slice(i, i + 2));
      i++;
    } else break;
    i++;
  }
  return { leading, words: args.slice(i) };
}
