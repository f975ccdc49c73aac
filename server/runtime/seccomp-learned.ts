import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SeccompLearned } from './port.ts';
import { defaultProfile } from './seccomp-defaults.ts';
import { learnedPath } from './seccomp-filter.ts';
import { runSeccompTool } from './seccomp-tool.ts';

const LISTS = fileURLToPath(new URL('../../native/protocol/seccomp', import.meta.url));

/** What a guest whose filter only logs has been seen to need beside the default of its kind, and the profile that lets it. */
export async function readLearned(
  kind: 'system' | 'application',
  { nativeDir, guestDir }: { nativeDir: string; guestDir: string },
): Promise<SeccompLearned> {
  const lines = (await textOf(learnedPath(guestDir))).split('\n');
  const { output } = await runSeccompTool(nativeDir, ['--names'], lines.join('\n'));
  const named = output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  const calls = [...new Set(named.map((line) => line.split(' ')[1] ?? ''))].sort();
  const numbers = lines.filter((line) => /^[0-9a-f]+ \d+$/.test(line));
  const lists = await Promise.all(
    ['common', kind].map((name) => readFile(join(LISTS, `${name}.txt`), 'utf8')),
  );
  return {
    calls,
    unnamed: numbers.length - named.length,
    lost: lines.includes('lost'),
    unavailable: lines.findLast((line) => line.startsWith('unavailable '))?.split(' ')[1] ?? null,
    profile: defaultProfile(lists, calls),
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
