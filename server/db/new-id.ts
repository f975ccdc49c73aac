import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;

let lastTime = 0;
const random = new Uint8Array(RANDOM_CHARACTERS);

/** Add one to the random part, so that ids of one millisecond keep their order. */
function increment(): void {
  for (let at = RANDOM_CHARACTERS - 1; at >= 0; at--) {
    const digit = random[at] ?? 0;
    random[at] = digit === 31 ? 0 : digit + 1;
    if (digit !== 31) return;
  }
}

/**
 * A new id: 26 characters of Crockford's base 32 in lower case (ULID, github.com/ulid/spec). Later ids of
 * one process sort after earlier ones, so a page of a list can go on after an id.
 */
export function newId(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    randomFillSync(random);
    for (let at = 0; at < RANDOM_CHARACTERS; at++) random[at] = (random[at] ?? 0) & 31;
  } else {
    increment();
  }
  let time = '';
  let rest = lastTime;
  for (let at = 0; at < TIME_CHARACTERS; at++) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  return time + Array.from(random, (digit) => ALPHABET.charAt(digit)).join('');
}
