import { isAbsolute } from 'node:path';

export type FailpointMoment = 'before' | 'after';

export interface Failpoint {
  /** `<name>:before` or `<name>:after`. */
  place: string;
  /** Which hit of it since the server has started; 1 is the first. */
  hit: number;
  /** SIGKILL to the server itself, an error as any other, or to wait until a file is there. */
  action: 'kill' | 'error' | { pauseUntil: string };
}

export interface FailpointPlan {
  points: Failpoint[];
  /** A file that every place which is hit is appended to, one a line; null: none. */
  trace: string | null;
  /** A file with a plan that is read anew whenever it changes, hits being counted from then on; null: none. */
  file: string | null;
}

const PLACE = /^([a-z][a-z.-]*:(?:before|after))(?:#([1-9]\d{0,5}))?$/;

/**
 * Read a plan: `guest.update:before=kill operation.end:after#2=error recovery.adopt:before=pause:/tmp/go trace=/tmp/seen
 * file=/tmp/plan`, apart by white space. Pure. Throws an Error that names the word which is wrong and what would be right.
 */
export function parsePlan(text: string): FailpointPlan {
  const plan: FailpointPlan = { points: [], trace: null, file: null };
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const at = word.indexOf('=');
    const [key, value] = [word.slice(0, at), word.slice(at + 1)];
    if (key === 'trace' || key === 'file') {
      plan[key] = absolute(value, word);
      continue;
    }
    const [, place, hit = '1'] = PLACE.exec(key) ?? [];
    if (at < 0 || place === undefined) throw wrong(word);
    plan.points.push({ place, hit: Number(hit), action: actionOf(value, word) });
  }
  return plan;
}

function actionOf(value: string, word: string): Failpoint['action'] {
  if (value === 'kill' || value === 'error') return value;
  if (!value.startsWith('pause:')) throw wrong(word);
  return { pauseUntil: absolute(value.slice('pause:'.length), word) };
}

function absolute(path: string, word: string): string {
  if (!isAbsolute(path)) throw wrong(word);
  return path;
}

function wrong(word: string): Error {
  return new Error(
    `${JSON.stringify(word)} is not a failpoint: write NAME:before|after[#HIT]=kill|error|pause:/FILE, trace=/FILE or file=/FILE`,
  );
}
