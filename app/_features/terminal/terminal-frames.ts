import {
  type ConsoleControl,
  type ConsoleExit,
  type ConsolePeople,
  type ConsoleState,
  Tag,
} from '../../../server/console/protocol.ts';
import type { RecordingMark } from '../../../server/recording/schema.ts';

/** A frame of the server, decoded. `output.bytes` is a view into the message, not a copy. */
export type ServerFrame =
  | { type: 'state'; state: ConsoleState }
  | { type: 'output'; offset: number; bytes: Uint8Array }
  | { type: 'screen'; offset: number; columns: number; rows: number; bytes: Uint8Array }
  | { type: 'size'; columns: number; rows: number }
  | { type: 'people'; people: ConsolePeople }
  | { type: 'recording'; mark: RecordingMark | null }
  | { type: 'exit'; exit: ConsoleExit };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Longest payload of one input frame, bytes: well under the server's limit, and small enough to stay interactive. */
export const INPUT_FRAME = 16 * 1024;

/** 'i' frames for `bytes`, each at most {@link INPUT_FRAME} long. */
export function encodeInput(bytes: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const frames: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length; at += INPUT_FRAME) {
    const part = bytes.subarray(at, at + INPUT_FRAME);
    const frame = new Uint8Array(part.length + 1);
    frame[0] = Tag.input;
    frame.set(part, 1);
    frames.push(frame);
  }
  return frames;
}

/** The bytes of what xterm.js hands out: text as UTF-8, or, for `binary` reports (mouse), one byte a character. */
export function inputBytes(data: string, binary = false): Uint8Array {
  return binary ? Uint8Array.from(data, (character) => character.charCodeAt(0) & 0xff) : encoder.encode(data);
}

export function encodeResize(columns: number, rows: number): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(5);
  const view = new DataView(frame.buffer);
  view.setUint8(0, Tag.resize);
  view.setUint16(1, columns, true);
  view.setUint16(3, rows, true);
  return frame;
}

export function encodeAcknowledge(offset: number): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(9);
  const view = new DataView(frame.buffer);
  view.setUint8(0, Tag.acknowledge);
  view.setBigUint64(1, BigInt(offset), true);
  return frame;
}

export function encodeControl(control: ConsoleControl): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(JSON.stringify(control));
  const frame = new Uint8Array(text.length + 1);
  frame[0] = Tag.control;
  frame.set(text, 1);
  return frame;
}

/**
 * @throws {Error} when the message is not a frame of `server/console/protocol.ts`: the connection is then useless.
 */
export function decodeFrame(message: ArrayBuffer): ServerFrame {
  const bytes = new Uint8Array(message);
  const tag = bytes[0];
  if (tag === Tag.output) {
    if (bytes.length < 9)
      throw new Error(`an output frame has at least 9 bytes, this one has ${bytes.length}`);
    const offset = Number(new DataView(message).getBigUint64(1, true));
    return { type: 'output', offset, bytes: bytes.subarray(9) };
  }
  if (tag === Tag.screen || tag === Tag.size) return decodeSized(message, tag);
  const payload: unknown = tag === undefined ? null : JSON.parse(decoder.decode(bytes.subarray(1)));
  if (tag === Tag.state && isState(payload)) return { type: 'state', state: payload };
  if (tag === Tag.exit && isExit(payload)) return { type: 'exit', exit: payload };
  if (tag === Tag.people && isPeople(payload)) return { type: 'people', people: payload };
  if (tag === Tag.recording && (payload === null || isMark(payload)))
    return { type: 'recording', mark: payload };
  throw new Error(`unknown frame with tag ${tag === undefined ? 'none' : `0x${tag.toString(16)}`}`);
}

function decodeSized(message: ArrayBuffer, tag: number): ServerFrame {
  const head = tag === Tag.screen ? 9 : 1;
  if (message.byteLength < head + 4) throw new Error(`a frame of ${message.byteLength} bytes holds no size`);
  const view = new DataView(message);
  const [columns, rows] = [view.getUint16(head, true), view.getUint16(head + 2, true)];
  if (tag === Tag.size) return { type: 'size', columns, rows };
  const offset = Number(view.getBigUint64(1, true));
  return { type: 'screen', offset, columns, rows, bytes: new Uint8Array(message, 13) };
}

function isMark(value: unknown): value is RecordingMark {
  if (typeof value !== 'object' || value === null) return false;
  const { id, startedBy, startedAt } = Object.fromEntries(Object.entries(value));
  return [id, startedBy, startedAt].every((one) => typeof one === 'string');
}

function isPeople(value: unknown): value is ConsolePeople {
  if (typeof value !== 'object' || value === null) return false;
  const { you, driver, people } = Object.fromEntries(Object.entries(value));
  return typeof you === 'number' && (driver === null || typeof driver === 'number') && Array.isArray(people);
}

function isState(value: unknown): value is ConsoleState {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  return ['start', 'end', 'columns', 'rows'].every((name) => Number.isSafeInteger(fields.get(name)));
}

function isExit(value: unknown): value is ConsoleExit {
  if (typeof value !== 'object' || value === null) return false;
  const { status, signal } = Object.fromEntries(Object.entries(value));
  return (status === null || typeof status === 'number') && (signal === null || typeof signal === 'string');
}
