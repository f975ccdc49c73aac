import { z } from 'zod';

/** What execve(2) can be given: text that ends at its first NUL byte can have none inside. */
export const wordWithoutNul = (what: string, longest: number) =>
  z
    .string()
    .max(longest, `${what} has at most ${longest} characters`)
    .refine((text) => !text.includes('\0'), `${what} cannot contain a NUL byte`);

/** A program with its arguments; none at all is left to the caller to judge. `most`: longest word, words, bytes of all. */
export const commandSchema = (most: { word: number; words: number; bytes: number }) =>
  z
    .array(wordWithoutNul('an argument', most.word))
    .max(most.words, `a command has at most ${most.words} words`)
    .refine((words) => words[0] !== '', { message: 'the program to run has no name', path: [0] })
    .refine(
      (words) => new TextEncoder().encode(words.join(' ')).length <= most.bytes,
      `a command has at most ${most.bytes / 1024} KiB`,
    );
