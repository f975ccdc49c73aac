/** What every program that comes in from outside finds in its environment; HOME, USER and SHELL follow from its user. */
const BASE = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LANG: 'C.UTF-8',
} as const;

/** Of a shell on a terminal: what xterm.js can do. */
export function shellEnvironment(asked: Record<string, string> = {}): Record<string, string> {
  return { ...BASE, TERM: 'xterm-256color', COLORTERM: 'truecolor', ...asked };
}

/** Of a single command: what the caller asked for counts most. */
export function execEnvironment(asked: Record<string, string> = {}): Record<string, string> {
  return { ...BASE, ...asked };
}
