import { MAX_FRAME_BYTES } from '../protocol/wire.ts';
import { NativeError } from './native-error.ts';

const HEADER_BYTES = 5;

/** One frame of the holder's socket: a tag byte, a length, the payload (native/protocol/README.md). */
export function encodeFrame(tag: number, ...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MAX_FRAME_BYTES)
    throw new RangeError(`a frame has at most ${MAX_FRAME_BYTES} bytes, not ${length}`);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt8(tag, 0);
  header.writeUInt32LE(length, 1);
  return Buffer.concat([header, ...parts]);
}

const NOTHING = Buffer.alloc(0);

/** Cuts a byte stream into frames. Payloads are views of what was pushed, or copies where a frame came in pieces: what was pushed may be used again once they are. */
export class FrameReader {
  #rest: Buffer = NOTHING;

  /** The frames that are complete with `chunk`. Throws NativeError EPROTO for a frame that is too long. */
  push(chunk: Buffer): { tag: number; payload: Buffer }[] {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const frames: { tag: number; payload: Buffer }[] = [];
    let at = 0;
    while (data.length - at >= HEADER_BYTES) {
      const length = data.readUInt32LE(at + 1);
      if (length > MAX_FRAME_BYTES)
        throw new NativeError({ code: 'EPROTO', action: `read a frame of ${length} bytes` });
      if (data.length - at < HEADER_BYTES + length) break;
      frames.push({
        tag: data.readUInt8(at),
        payload: data.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length),
      });
      at += HEADER_BYTES + length;
    }
    // A view, be it empty, would keep all that was read with it.
    this.#rest = at === data.length ? NOTHING : Buffer.from(data.subarray(at));
    return frames;
  }
}
