import type { z } from 'zod';
import { BYTES_PATHS, patternOf } from './guest-settings.ts';

export interface Issue {
  path: PropertyKey[];
  message: string;
}

/** What is wrong by its path, in words for a person who edits settings: of a key its own problem, of a choice that of the shape that was meant. */
export function explainIssues({ issues }: { issues: readonly z.core.$ZodIssue[] }): Issue[] {
  return issues.flatMap((issue): Issue | Issue[] => {
    const name = issue.path.join('.');
    if (issue.code === 'invalid_key')
      return { path: issue.path, message: issue.issues[0]?.message ?? issue.message };
    if (issue.code === 'invalid_union') {
      // The shape that was meant is the one whose mode is right.
      const meant = issue.errors.find((errors) => errors.every(({ path }) => path[0] !== 'mode'));
      if (!meant)
        return { path: issue.path, message: `${name} has a mode: default, nesting, log or profile` };
      return explainIssues({ issues: meant }).map(({ path, message }) => ({
        path: [...issue.path, ...path],
        message,
      }));
    }
    if (issue.code !== 'invalid_type') return { path: issue.path, message: issue.message };
    if (BYTES_PATHS.has(patternOf(issue.path)))
      return { path: issue.path, message: `${name} must be a size such as 512 MiB` };
    const wanted = WANTED[issue.expected] ?? `a ${issue.expected}`;
    return { path: issue.path, message: `${name} must be ${wanted}` };
  });
}

const WANTED: Record<string, string> = {
  int: 'a whole number',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  string: 'text',
  boolean: 'true or false',
};
