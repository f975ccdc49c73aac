/**
 * Frames on a terminal's WebSocket (`/api/console?ticket=…&from=OFFSET`): one binary message is one frame, a tag byte and a
 * payload. Integers are little-endian. Offsets count the bytes of the terminal since it was opened, so a client
 * that comes back says how far it had come (`from`) and misses and repeats nothing.
 *
 * client → server
 *   'i' input        bytes
 *   'r' resize       u16 columns, u16 rows
 *   'a' acknowledge  u64 offset: all output before it is shown. The server stays at most WINDOW bytes ahead.
 * server → client
 *   's' state        JSON {start, end, columns, rows}: the ring holds [start, end); comes first
 *   'o' output       u64 offset of the first byte, bytes. A jump of the offset means the bytes between were lost
 *   'x' exit         JSON {status, signal}: nothing follows, the socket closes with 1000
 *
 * exec (`/api/exec?ticket=…`, the same frames without offsets)
 *   client: '0' stdin bytes · '4' end of stdin · '5' u32 bytes taken since the last '5' · '6' signal, its name as text
 *   server: '1' stdout bytes · '2' stderr bytes · '5' u32 bytes of stdin taken since the last '5' · 'x' as above
 *   Each side stays at most WINDOW bytes ahead of what the other has taken, so that neither direction blocks the other's '5'.
 *
 * Close codes: 1000 ended · 1008 not a frame of this protocol · 1013 the program reads no more input · 1012 the server restarts or the holder was lost: come back ·
 * 4400 the command cannot be run (the reason says why) · 4401 the ticket is unknown, used or late, or the login has ended ·
 * 4403 the guest may not be entered · 4404 no such session · 4409 the guest does not run
 */
export const WINDOW = 512 * 1024;

export const Tag = {
  input: 0x69,
  resize: 0x72,
  acknowledge: 0x61,
  state: 0x73,
  output: 0x6f,
  exit: 0x78,
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
