import type { ConsoleExit, ConsolePeople } from '../../../server/console/protocol.ts';
import type { RecordingMark } from '../../../server/recording/schema.ts';

export type EndReason = 'exit' | 'gone' | 'not-running' | 'refused';

export type ConnectionState =
  | { status: 'connecting' }
  | { status: 'open' }
  | { status: 'reconnecting'; attempt: number }
  | { status: 'ended'; reason: EndReason; exit: ConsoleExit | null; message: string | null };

/** Thrown by `askTicket` when asking again would not help; anything else it throws is tried again. */
export class TicketRefused extends Error {
  readonly reason: EndReason;

  constructor(reason: EndReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What makes a terminal of this size show what the server's shows. */
export interface ScreenFrame {
  columns: number;
  rows: number;
  bytes: Uint8Array;
}

/** What the connection uses of a browser's WebSocket. */
export interface SocketLike {
  binaryType: string;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface ConnectionOptions {
  /** Asked anew for each try: a ticket opens one socket. */
  askTicket(): Promise<string>;
  openSocket(ticket: string, from: number): SocketLike;
  /** Show bytes, and call `shown` when the terminal has worked them off. */
  write(bytes: Uint8Array, shown: () => void): void;
  /** `lost` bytes are missing before what is written next. */
  gap(lost: number): void;
  /** Show a whole screen instead of what is shown, and call `shown` when the terminal has worked it off. */
  screen(screen: ScreenFrame, shown: () => void): void;
  /** The terminal has this size now; it follows the window of the one who drives. */
  sized(size: { columns: number; rows: number }): void;
  /** Who is there; null: nobody knows while the line is away. */
  people(people: ConsolePeople | null): void;
  /** Whether it is recorded; null also while the line is away. */
  recording(mark: RecordingMark | null): void;
  /** The terminal began anew on the far side (offsets started over): forget what is shown. */
  reset(): void;
  changed(state: ConnectionState): void;
}
