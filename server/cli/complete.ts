import type { CommandSpec, OptionSpec } from './command.ts';
import { COMMANDS, LAUNCHER_VERBS, SHORT_NAMES } from './commands.ts';
import { nouns, resolveVerb, verbsOf } from './find-command.ts';
import { COMMON_OPTIONS } from './parse-command.ts';

const GUEST_STATES_FOR: Readonly<Record<string, readonly string[]>> = {
  start: ['stopped', 'failed'],
  stop: ['running', 'frozen', 'starting'],
  freeze: ['running'],
  unfreeze: ['frozen'],
  memory: ['frozen'],
  exec: ['running'],
  shell: ['running'],
};

/**
 * What could come next: the words after `--` are the command line so far, the last one being typed. One candidate a
 * line; nothing when the server does not answer, since a completion never complains.
 */
export const complete: CommandSpec = {
  usage: '-- WORD...',
  names: { min: 0, max: 0, what: '' },
  rest: 'the words of the command line',
  async run({ api, out, rest }) {
    const words = rest ?? [];
    const typed = words.at(-1) ?? '';
    const before = words.slice(0, -1);
    const candidates = await candidatesFor(before, typed, async (noun, verb) => {
      const connected = await api();
      if (noun === 'image') return (await connected.query('image', 'list')).map((image) => image.name);
      if (noun === 'operation') {
        return (await connected.query('operation', 'list', { limit: 20 })).map((operation) => operation.id);
      }
      if (noun === 'trash') return (await connected.query('trash', 'list')).guests.map((guest) => guest.name);
      if (noun === 'terminal' && verb !== 'ls')
        return (await connected.query('console', 'all')).map((session) => session.id);
      const states = GUEST_STATES_FOR[verb];
      const guests = await connected.query('guest', 'list');
      return guests.filter((guest) => !states || states.includes(guest.state)).map((guest) => guest.name);
    });
    const fitting = candidates.filter((candidate) => candidate.startsWith(typed));
    if (fitting.length > 0) out.line(fitting.join('\n'));
    return 0;
  },
};

/** The candidates at one place of a command line; `names` asks the server. */
export async function candidatesFor(
  before: readonly string[],
  typed: string,
  names: (noun: string, verb: string) => Promise<string[]>,
): Promise<string[]> {
  const [noun, verb] = before;
  if (noun === undefined)
    return [...nouns(), ...Object.keys(SHORT_NAMES), ...Object.keys(LAUNCHER_VERBS), 'help'];
  if (noun === 'help') return before.length === 1 ? nouns() : before.length === 2 ? verbsOf(verb ?? '') : [];
  if (verb === undefined) return verbsOf(noun);
  const name = resolveVerb(noun, verb);
  const spec = name && !before.includes('--') ? await COMMANDS[name]?.load() : undefined;
  if (!spec) return [];
  const options = { ...spec.options, ...COMMON_OPTIONS };
  const last = before.at(-1) ?? '';
  if (isValueOf(last, options)) return valuesOf(last, verb, names);
  if (typed.startsWith('-')) return Object.keys(options).map((option) => `--${option}`);
  const given = before.slice(2).filter((word) => !word.startsWith('-'));
  if (given.length >= spec.names.max || verb === 'create') return [];
  return (await ask(names, noun, verb)).filter((candidate) => !given.includes(candidate));
}

/** Whether the word after `word` is the value of an option. */
function isValueOf(word: string, options: Readonly<Record<string, OptionSpec>>): boolean {
  return Object.entries(options).some(
    ([long, { type, short }]) =>
      type === 'string' && (word === `--${long}` || (short && word === `-${short}`)),
  );
}

async function valuesOf(
  option: string,
  verb: string,
  names: (noun: string, verb: string) => Promise<string[]>,
): Promise<string[]> {
  if (option === '--image' || option === '-i') return ask(names, 'image', verb);
  return option === '--kind' || option === '-k' ? ['system', 'application'] : [];
}

async function ask(
  names: (noun: string, verb: string) => Promise<string[]>,
  noun: string,
  verb: string,
): Promise<string[]> {
  try {
    return await names(noun, verb);
  } catch {
    return [];
  }
}
