/** What a new shell is asked to be; both empty is root's own login shell. */
export interface ShellRequest {
  command?: string[];
  user?: string;
  workdir?: string;
  environment?: Record<string, string>;
  name?: string;
  idleMinutes?: number;
  /** Commands to try one after the other when this one cannot be started. Never sent: the page does it. */
  orElse?: string[];
}

/** Shells to offer when one is missing, the most likely first. */
export const COMMON_SHELLS = ['/bin/sh', '/bin/bash', '/bin/ash', '/bin/zsh'] as const;

/** Statuses by which a shell that could not be started ends: not executable, not found. */
export const MISSING_STATUSES: readonly number[] = [126, 127];

/** The shells worth trying after `tried` could not be started. */
export function otherShells(tried: ShellRequest): string[] {
  const first = tried.command?.[0];
  return COMMON_SHELLS.filter((shell) => shell !== first && shell !== `/bin/${first}`);
}

/** The same request with the first of `shells`, and with the rest for when that is missing, too; null: none is left. */
export function withNextShell(request: ShellRequest, shells: readonly string[]): ShellRequest | null {
  const [next, ...orElse] = shells;
  return next === undefined ? null : { ...request, command: [next], orElse };
}

/**
 * Words of a command line as a shell would split them: blanks separate, quotes and backslashes keep them. Expands nothing.
 * An open quote ends with the text.
 */
export function splitWords(line: string): string[] {
  const words = line.matchAll(/(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*(?:"|$)|'[^']*(?:'|$))+/g);
  return [...words].map(([word]) => word.replaceAll(PART, unquote));
}

const PART = /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)(?:"|$)|'([^']*)(?:'|$)/g;

function unquote(_whole: string, escaped?: string, double?: string, single?: string): string {
  return escaped ?? double?.replaceAll(/\\([\s\S])/g, '$1') ?? single ?? '';
}

/** `A=1 B='two words'` as variables; null when there are none. What has no `=` gets an empty value. */
export function variablesIn(line: string): Record<string, string> | null {
  const pairs = splitWords(line).map((word) => {
    const at = word.indexOf('=');
    return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
  });
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}
