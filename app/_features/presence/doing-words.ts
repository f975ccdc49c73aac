import type { Doing, GuestPageName, Present } from '../../../server/presence/schema.ts';

const PAGE_WORDS: Record<GuestPageName, string> = {
  overview: 'Overview',
  terminal: 'Terminal',
  console: 'Console',
  recordings: 'Recordings',
  processes: 'Processes',
  limits: 'Limits',
  isolation: 'Isolation',
  configuration: 'Configuration',
  activity: 'Activity',
};

function wordsOf(doing: Doing): string {
  if ('page' in doing) return `looks at ${PAGE_WORDS[doing.page]}`;
  const verb = doing.types ? 'types in' : 'watches';
  if (doing.terminal === 'console') return `${verb} the console`;
  return doing.name === null ? `${verb} a shell` : `${verb} the shell ${doing.name}`;
}

/** What somebody does in a guest: `Ada: types in the shell build, looks at Limits`. Pure. */
export function doingWords({ name, doing, isIdle }: Present): string {
  // Who is in a terminal has the page open that it is on.
  const isInTerminal = doing.some((one) => 'terminal' in one);
  const told = doing.filter(
    (one) => !(isInTerminal && 'page' in one && (one.page === 'terminal' || one.page === 'console')),
  );
  const words = [...new Set(told.map(wordsOf))];
  return `${name}: ${words.join(', ')}${isIdle ? ' (idle)' : ''}`;
}

/** One or two letters for a name: `ada.lovelace` is AL. Pure. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const letters =
    words.length > 1 ? words.slice(0, 2).map((word) => [...word][0]) : [...(words[0] ?? name)].slice(0, 2);
  return letters.join('').toUpperCase();
}
