import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../child/child-env.ts';

const run = promisify(execFile);

/** Where packages come from, and how apt on this host has to be told to fetch them. */
export interface DebianMirror {
  main: string;
  security: string;
  /** Lines for apt.conf. */
  aptOptions: string[];
}

const DEFAULT_MAIN = 'http://deb.debian.org/debian';
const DEFAULT_SECURITY = 'http://deb.debian.org/debian-security';

/** What of the host's apt configuration decides whether a mirror can be used at all. */
const CARRIED = /^(Acquire::(?:Check-Valid-Until|Check-Date|https?::Proxy)) "([^"\\\n]+)";$/;

/** Mirrors out of sources.list(5) in both of its formats: the first of each kind. Pure. */
export function mirrorsOf(sources: string): { main: string; security: string } {
  const urls = sources
    .split('\n')
    .filter((line) => /^\s*(URIs:|deb\s)/.test(line))
    .flatMap((line) => line.match(/https?:\/\/[^\s\]'"]+/g) ?? [])
    .map((url) => url.replace(/\/+$/, ''));
  return {
    main: urls.find((url) => url.endsWith('/debian')) ?? DEFAULT_MAIN,
    security: urls.find((url) => url.endsWith('/debian-security')) ?? DEFAULT_SECURITY,
  };
}

/** Options to carry over from the output of `apt-config dump`. Pure. */
export function aptOptionsOf(dump: string): string[] {
  return dump.split('\n').filter((line) => CARRIED.test(line));
}

/** The host's own mirror; Debian's where the host is no Debian. */
export async function hostMirror(apt = '/etc/apt'): Promise<DebianMirror> {
  const parts = await readdir(join(apt, 'sources.list.d')).catch(() => []);
  const files = [join(apt, 'sources.list'), ...parts.map((part) => join(apt, 'sources.list.d', part))];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  const dump = await run('apt-config', ['dump'], { env: childEnv({ PATH: '/usr/bin:/bin' }) }).then(
    ({ stdout }) => stdout,
    () => '',
  );
  return { ...mirrorsOf(texts.join('\n')), aptOptions: aptOptionsOf(dump) };
}

/** The guest's /etc/apt/sources.list, and what the build itself uses. Pure. */
export function sourcesOf({ main, security }: Pick<DebianMirror, 'main' | 'security'>): string[] {
  return [
    `deb ${main} bookworm main`,
    `deb ${main} bookworm-updates main`,
    `deb ${security} bookworm-security main`,
  ];
}
