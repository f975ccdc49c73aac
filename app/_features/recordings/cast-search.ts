import type { Cast } from './cast.ts';

const ESC = '\x1b';
const BEL = '\x07';
const STRING = String.raw`[\]PX^_][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\|$)`;
/** Escape sequences, and control characters that are no space (ECMA-48, 5.4 and 5.6). */
const SEQUENCES = new RegExp(
  String.raw`${ESC}(?:\[[0-?]*[ -/]*[@-~]|${STRING}|[ -/]*[0-~])|(?![${ESC}\n\t])\p{Cc}`,
  'gu',
);
/** Results at the most: more are no help to anybody. */
export const MOST_RESULTS = 200;

/** The text of a recording without what only moves and colours, and when each part of it came. */
export interface CastText {
  text: string;
  /** Same length: where each event's text begins, and its time. */
  starts: number[];
  times: number[];
}

export interface SearchResult {
  /** Where in the text, characters. */
  at: number;
  time: number;
  /** The line that it is in, shortened. */
  line: string;
}

/** Sequences may be split between events: the text is cleaned as one, and a place in it belongs to the event whose text it is. */
export function textOf(cast: Cast): CastText {
  const output = cast.events.filter(({ code }) => code === 'o');
  const starts: number[] = [];
  const times: number[] = [];
  let text = '';
  let rest = '';
  for (const { time, data } of output) {
    const all = rest + data;
    // A sequence that is not complete waits for its other half.
    const at = all.lastIndexOf('\x1b');
    const tail = at >= 0 && at > all.length - 64 && !isComplete(all.slice(at)) ? all.slice(at) : '';
    rest = tail;
    starts.push(text.length);
    times.push(time);
    text += all.slice(0, all.length - tail.length).replaceAll(SEQUENCES, '');
  }
  return { text, starts, times };
}

function isComplete(sequence: string): boolean {
  const match = sequence.match(SEQUENCES)?.[0] ?? '';
  if (!match.startsWith('\x1b')) return false;
  const isString = /^[\]PX^_]/.test(sequence.slice(1));
  return !isString || match.endsWith('\x07') || match.endsWith('\\');
}

/** Where a text comes, whatever its case, oldest first. */
export function searchCast({ text, starts, times }: CastText, wanted: string): SearchResult[] {
  const needle = wanted.toLowerCase();
  if (needle.trim() === '') return [];
  const haystack = text.toLowerCase();
  const results: SearchResult[] = [];
  let event = 0;
  for (
    let at = haystack.indexOf(needle);
    at >= 0 && results.length < MOST_RESULTS;
    at = haystack.indexOf(needle, at + needle.length)
  ) {
    // All of it is there once its last character is.
    const end = at + needle.length - 1;
    while (event + 1 < starts.length && (starts[event + 1] ?? 0) <= end) event++;
    results.push({ at, time: times[event] ?? 0, line: lineAt(text, at) });
  }
  return results;
}

function lineAt(text: string, at: number): string {
  const from = Math.max(text.lastIndexOf('\n', at - 1) + 1, at - 60);
  const to = text.indexOf('\n', at);
  return text
    .slice(from, to < 0 ? undefined : to)
    .slice(0, 160)
    .trim();
}
