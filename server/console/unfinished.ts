import { partOfCharacter } from './protocol.ts';

const ESC = 0x1b;
/** What is kept of a sequence that does not end, bytes. */
const LONGEST = 64 * 1024;
/** Of a longer one its beginning, bytes: what follows is then still taken for a part of it, and shown to nobody. */
const OPENING = 64;

/** C1 controls that begin a sequence as ESC and a letter do: DCS, SOS, CSI, OSC, PM, APC (ECMA-48), each behind a C2 in UTF-8. */
const C1 = new Set([0x90, 0x98, 0x9b, 0x9d, 0x9e, 0x9f]);

/** What begins a string: behind an ESC, or as a C1 control. */
const STRINGS = new Set([...Buffer.from('PX]^_'), 0x90, 0x98, 0x9d, 0x9e, 0x9f]);

/** Where the last C1 control is that begins a sequence; -1: nowhere. */
function lastControl(bytes: Uint8Array): number {
  let at = bytes.lastIndexOf(0xc2);
  while (at > 0 && !C1.has(bytes[at + 1] ?? 0)) at = bytes.lastIndexOf(0xc2, at - 1);
  return at >= 0 && C1.has(bytes[at + 1] ?? 0) ? at : -1;
}

/**
 * The bytes at the end of a stream that a terminal has taken but not yet acted on: an escape sequence or a character whose
 * rest is still to come. They have to follow a screen that was taken in the middle of it, or its rest would be shown as text.
 * `before` is what this returned for all that came earlier; `isGround`: the parser expects text now.
 */
export function unfinished(before: Uint8Array, bytes: Uint8Array, isGround: boolean): Uint8Array {
  const part = partOfCharacter(bytes);
  if (isGround) return part === 0 ? new Uint8Array() : bytes.slice(bytes.length - part);
  // An ESC also ends what was there before it, so the last one is where the sequence began.
  const at = Math.max(bytes.lastIndexOf(ESC), lastControl(bytes));
  const all = at >= 0 ? bytes.slice(at) : Buffer.concat([before, bytes]);
  const rest = withoutExecuted(all);
  return rest.length > LONGEST ? rest.slice(0, OPENING) : rest;
}

/**
 * Without the controls that stood in the middle of a sequence: a terminal acts on a line feed there at once and goes on with the
 * sequence (ECMA-48 leaves it open; all do as the VT500 did), so it must not come twice. What a string has of them is data.
 */
function withoutExecuted(sequence: Uint8Array): Uint8Array {
  const length = sequence[0] === ESC ? 1 : 2;
  const opening = length === 1 ? sequence.slice(1).find((byte) => byte >= 0x20) : sequence[1];
  if (opening !== undefined && STRINGS.has(opening)) return sequence;
  return sequence.filter((byte, at) => at < length || byte >= 0x20);
}
