import { suggestion } from '../errors/nearest.ts';
import { COMMANDS, SHORT_NAMES } from './commands.ts';
import { misused } from './fail.ts';
import { nouns, resolveVerb } from './find-command.ts';
import { commandHelp, exitHelp, overview } from './help.ts';
import type { Output } from './terminal-output.ts';

/** `berth help`, `berth help guest`, `berth help guest create`, `berth help exit`. */
export async function showHelp(words: readonly string[], out: Output): Promise<number> {
  const [first, second] = (SHORT_NAMES[words[0] ?? '']?.split(' ') ?? words) as readonly string[];
  if (first === undefined) out.line(overview());
  else if (first === 'exit') out.line(exitHelp());
  else if (!nouns().includes(first)) {
    throw misused(
      `there is no command ${JSON.stringify(first)}${suggestion(first, nouns()) || ': see berth help'}`,
    );
  } else if (second === undefined) out.line(overview(first));
  else {
    const name = resolveVerb(first, second);
    const entry = name === null ? undefined : COMMANDS[name];
    if (!name || !entry)
      throw misused(`${first} has no verb ${JSON.stringify(second)}: see berth help ${first}`);
    out.line(commandHelp(name, await entry.load()));
  }
  return 0;
}
