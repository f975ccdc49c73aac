const ESC = 0x1b;
/** What is kept of a sequence that does not end, bytes. */
const LONGEST = 64 * 1024;
/** Of a longer one its beginning, bytes: what follows is then still taken for a part of it, and shown to nobody. */
const OPENING = 64;

/** How many bytes at the end of `bytes` begin a UTF-8 character that is not complete; 0 when none do (RFC 3629). */
function partOfCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
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
  const at = bytes.lastIndexOf(ESC);
  const all = at >= 0 ? bytes.slice(at) : Buffer.concat([before, bytes]);
  return all.length > LONGEST ? all.slice(0, OPENING) : all;
}
