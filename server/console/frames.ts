import type { RecordingMark } from '../recording/schema.ts';
import {
  type ConsoleControl,
  type ConsoleExit,
  type ConsolePeople,
  type ConsoleState,
  Tag,
} from './protocol.ts';

/** What a browser may say on a terminal's socket. */
export type TerminalRequest =
  | { type: 'input'; bytes: Uint8Array }
  | { type: 'resize'; columns: number; rows: number }
  | { type: 'acknowledge'; offset: number }
  | { type: 'control'; control: ConsoleControl };

/** What a client may say on an exec's socket. */
export type ExecRequestFrame =
  | { type: 'stdin'; bytes: Uint8Array }
  | { type: 'stdinEnd' }
  | { type: 'acknowledge'; bytes: number }
  | { type: 'signal'; name: string };

const COLUMNS = { min: 2, max: 1000 };
const ROWS = { min: 1, max: 1000 };

/** Null for a frame that the protocol does not know: the socket is then closed with 1008. */
export function parseTerminalRequest(frame: Buffer): TerminalRequest | null {
  switch (frame[0]) {
    case Tag.input:
      return { type: 'input', bytes: frame.subarray(1) };
    case Tag.resize: {
      if (frame.length !== 5) return null;
      const columns = frame.readUInt16LE(1);
      const rows = frame.readUInt16LE(3);
      if (columns < COLUMNS.min || columns > COLUMNS.max || rows < ROWS.min || rows > ROWS.max) return null;
      return { type: 'resize', columns, rows };
    }
    case Tag.acknowledge: {
      if (frame.length !== 9) return null;
      const offset = frame.readBigUInt64LE(1);
      return offset > BigInt(Number.MAX_SAFE_INTEGER)
        ? null
        : { type: 'acknowledge', offset: Number(offset) };
    }
    case Tag.control: {
      const control = frame.length <= 128 ? parseControl(frame.toString('utf8', 1)) : null;
      return control && { type: 'control', control };
    }
    default:
      return null;
  }
}

function parseControl(text: string): ConsoleControl | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('do' in value)) return null;
    if (value.do === 'ask' || value.do === 'take' || value.do === 'refuse') return { do: value.do };
    const isGift = value.do === 'give' && 'to' in value && typeof value.to === 'number';
    return isGift ? { do: 'give', to: value.to as number } : null;
  } catch {
    return null;
  }
}

/** Null for a frame that the protocol does not know. */
export function parseExecRequest(frame: Buffer): ExecRequestFrame | null {
  switch (frame[0]) {
    case Tag.stdin:
      return { type: 'stdin', bytes: frame.subarray(1) };
    case Tag.stdinEnd:
      return frame.length === 1 ? { type: 'stdinEnd' } : null;
    case Tag.execAcknowledge:
      return frame.length === 5 ? { type: 'acknowledge', bytes: frame.readUInt32LE(1) } : null;
    case Tag.signal:
      return frame.length <= 16 ? { type: 'signal', name: frame.toString('latin1', 1) } : null;
    default:
      return null;
  }
}

function jsonFrame(
  tag: number,
  value: ConsoleState | ConsoleExit | ConsolePeople | RecordingMark | null,
): Buffer {
  return Buffer.concat([Buffer.of(tag), Buffer.from(JSON.stringify(value))]);
}

export function stateFrame({ start, end, columns, rows }: ConsoleState): Buffer {
  return jsonFrame(Tag.state, { start, end, columns, rows });
}

export function exitFrame({ status, signal }: ConsoleExit): Buffer {
  return jsonFrame(Tag.exit, { status, signal });
}

export function peopleFrame(people: ConsolePeople): Buffer {
  return jsonFrame(Tag.people, people);
}

/** Whether the terminal is recorded, and who wanted that. */
export function recordingFrame(mark: RecordingMark | null): Buffer {
  return jsonFrame(Tag.recording, mark);
}

export function sizeFrame({ columns, rows }: { columns: number; rows: number }): Buffer {
  const frame = Buffer.alloc(5);
  frame[0] = Tag.size;
  frame.writeUInt16LE(columns, 1);
  frame.writeUInt16LE(rows, 3);
  return frame;
}

/** A terminal's screen as of an offset, and its size. */
export function screenFrame(
  offset: number,
  image: { columns: number; rows: number; bytes: Uint8Array },
): Buffer {
  const frame = Buffer.allocUnsafe(13 + image.bytes.length);
  frame[0] = Tag.screen;
  frame.writeBigUInt64LE(BigInt(offset), 1);
  frame.writeUInt16LE(image.columns, 9);
  frame.writeUInt16LE(image.rows, 11);
  frame.set(image.bytes, 13);
  return frame;
}

/** Output of a terminal: the offset of its first byte, then the bytes. */
export function outputFrame(offset: number, bytes: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(9 + bytes.length);
  frame[0] = Tag.output;
  frame.writeBigUInt64LE(BigInt(offset), 1);
  frame.set(bytes, 9);
  return frame;
}

/** A tag and bytes: stdout or stderr of an exec. */
export function taggedFrame(tag: number, bytes: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(1 + bytes.length);
  frame[0] = tag;
  frame.set(bytes, 1);
  return frame;
}

/** So many bytes of stdin were taken. */
export function acknowledgeFrame(bytes: number): Buffer {
  const frame = Buffer.alloc(5);
  frame[0] = Tag.execAcknowledge;
  frame.writeUInt32LE(bytes, 1);
  return frame;
}
