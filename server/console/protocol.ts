/**
 * Frames on a terminal's WebSocket (`/api/console?ticket=…&from=OFFSET`): one binary message is one frame, a tag byte and a
 * payload. Integers are little-endian. Offsets count the bytes of the terminal since it was opened, so a client
 * that comes back says how far it had come (`from`) and misses and repeats nothing. With `view=screen` (browsers) a client that
 * is new, was away for long or falls behind a flood gets the terminal's screen ('j') instead of all the bytes that made it.
 *
 * client → server
 *   'i' input        bytes
 *   'r' resize       u16 columns, u16 rows
 *   'a' acknowledge  u64 offset: all output before it is shown. The server stays at most WINDOW bytes ahead.
 *   'm' control      JSON {do: ask | take | refuse} or {do: give, to}: who drives (screen views only)
 * server → client
 *   's' state        JSON {start, end, columns, rows}: the ring holds [start, end); comes first
 *   'o' output       u64 offset of the first byte, bytes. A jump of the offset means the bytes between were lost
 *   'x' exit         JSON {status, signal}: nothing follows, the socket closes with 1000
 *   'c' recording    JSON RecordingMark while the terminal is recorded, null when it is not any more; each time that changes
 *  and to screen views
 *   'j' screen       u64 offset, u16 columns, u16 rows, bytes: a reset and what makes a terminal of that size show all output
 *                    before the offset; output goes on from there
 *   'z' size         u16 columns, u16 rows: of the terminal from now on, as the one who drives has it
 *   'p' people       JSON ConsolePeople: who is there, each time that changes
 *
 * exec (`/api/exec?ticket=…`, the same frames without offsets)
 *   client: '0' stdin bytes · '4' end of stdin · '5' u32 bytes taken since the last '5' · '6' signal, its name as text
 *   server: '1' stdout bytes · '2' stderr bytes · '5' u32 bytes of stdin taken since the last '5' · 'x' as above
 *   An upload (`/api/upload?ticket=…`) is the same: stdin is the file, the exit says what became of it (schema.ts: UploadStatus).
 *   Each side stays at most WINDOW bytes ahead of what the other has taken, so that neither direction blocks the other's '5'.
 *
 * Close codes: 1000 ended · 1008 not a frame of this protocol · 1013 the program reads no more input, or others waited for this client for too long · 1012 the server restarts or the holder was lost: come back ·
 * 4400 the command cannot be run (the reason says why) · 4401 the ticket is unknown, used or late, or the login has ended ·
 * 4403 the guest may not be entered · 4404 no such session · 4409 the guest does not run
 */
export const WINDOW = 512 * 1024;

/** Output under way to a screen view, bytes: small, so that a key's effect is not behind a flood's. */
export const VIEW_WINDOW = 128 * 1024;

export const Tag = {
  input: 0x69,
  resize: 0x72,
  acknowledge: 0x61,
  control: 0x6d,
  state: 0x73,
  output: 0x6f,
  exit: 0x78,
  screen: 0x6a,
  size: 0x7a,
  people: 0x70,
  recording: 0x63,
  stdin: 0x30,
  stdout: 0x31,
  stderr: 0x32,
  stdinEnd: 0x34,
  execAcknowledge: 0x35,
  signal: 0x36,
} as const;

export interface ConsoleState {
  start: number;
  end: number;
  columns: number;
  rows: number;
}

export interface ConsoleExit {
  status: number | null;
  signal: string | null;
}

/** What somebody does about who drives. */
export type ConsoleControl = { do: 'ask' | 'take' | 'refuse' } | { do: 'give'; to: number };

/** Who is in a terminal. One drives: whose keys count and whose window gives the size. */
export interface ConsolePeople {
  /** The id of the window that is told. */
  you: number;
  /** Null: nobody, all who are there may only watch. */
  driver: number | null;
  people: { id: number; name: string; mayDrive: boolean; isAsking: boolean }[];
}

/**
 * How many bytes at the end of `bytes` begin a UTF-8 character that is not complete; 0 when none do (RFC 3629). Output is cut anywhere, and
 * xterm.js loses a character that is cut behind a byte of 0x80, so who writes into one holds these back. Pure.
 */
export function partOfCharacter(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}
