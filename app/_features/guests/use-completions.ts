'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { QUERY_WORDS, queryWords, termText } from '../../../server/guest/query-schema.ts';
import { type GuestValue, VALUE_KEYS } from '../../../server/guest/search-schema.ts';
import { useTRPC } from '../../_trpc/index.ts';

/** One way on from what is typed: what it reads, and the whole text with it. */
export interface Completion {
  label: string;
  /** How many guests have it; null for a key. */
  count: number | null;
  text: string;
}

/** The word that is being written, apart from those before it; null when the last one is done. Pure. */
export function lastWord(text: string): { before: string; word: string } | null {
  const word = queryWords(text).at(-1);
  if (word === undefined || !text.endsWith(word)) return null;
  return { before: text.slice(0, text.length - word.length), word };
}

/** What a word asks to be completed: the values of a key, or a key itself. Pure. */
export function readWord(word: string) {
  const match = /^(-?)([a-z]+):(?:.*,)?"?([^",]*)$/i.exec(word);
  const key = VALUE_KEYS.find((known) => known === match?.[2]?.toLowerCase());
  // Of a field only the first value is completed: what stands before it names the field.
  return match && key && !(key === 'field' && word.includes(','))
    ? { key, text: match[3] ?? '', start: word.slice(0, word.length - (match[3] ?? '').length) }
    : null;
}

/** The ways on from a text. Pure. */
export function completionsOf(text: string, values: readonly GuestValue[]): Completion[] {
  const last = lastWord(text);
  if (!last) return [];
  const { before, word } = last;
  const asked = readWord(word);
  if (asked) {
    const start = asked.start.endsWith('"') ? asked.start.slice(0, -1) : asked.start;
    return values
      .map(({ value, count }) => {
        const typed = termText(asked.key, value).slice(asked.key.length + 1);
        return { label: value, count, text: `${before}${start}${typed} ` };
      })
      .filter((completion) => completion.text !== `${text} `);
  }
  const [minus, part] = word.startsWith('-') ? ['-', word.slice(1)] : ['', word];
  if (part === '' || part.includes(':')) return [];
  return QUERY_WORDS.filter((key) => key.startsWith(part.toLowerCase())).map((key) => ({
    label: `${key}:`,
    count: null,
    text: `${before}${minus}${key}:`,
  }));
}

/** What the text can be completed with, by what the guests have. */
export function useCompletions(text: string): Completion[] {
  const trpc = useTRPC();
  const asked = readWord(lastWord(text)?.word ?? '');
  const values = useQuery(
    trpc.guest.values.queryOptions(
      { key: asked?.key ?? 'tag', text: asked?.text ?? '' },
      { enabled: asked !== null, placeholderData: keepPreviousData, staleTime: 2000, gcTime: 10_000 },
    ),
  );
  return completionsOf(text, asked && !values.isPlaceholderData ? (values.data ?? []) : []);
}
