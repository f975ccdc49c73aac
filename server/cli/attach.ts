import type { ConsoleTicket } from '../console/schema.ts';
import type { RecordingMark } from '../recording/schema.ts';
import type { Api } from './api.ts';
import { harmless } from './clean-text.ts';
import { exitStatusOf } from './exit-status.ts';
import { openSocket } from './open-socket.ts';
import { DETACH_HINT, runTerminal } from './run-terminal.ts';
import { tellFrozen } from './tell-frozen.ts';
import type { Output } from './terminal-output.ts';

export interface AttachOptions {
  out: Output;
  /** Its name or id: when it stands still, that is said. */
  guest: string;
  /** What is said when the user leaves it running. */
  detached: string;
  /** Offset to begin at, or `tail`. */
  from: number | 'tail';
  /** Whether to say how to leave. */
  hint: boolean;
}

/** Told to everybody who is in a terminal: on a line of its own, as the guest's output stands around it. */
function tellRecording(out: Output, mark: RecordingMark | null): void {
  const what = mark?.hasInput ? 'what is shown and what is typed' : 'what is shown';
  const by = mark && harmless(mark.startedBy);
  const whose = mark?.project ? `the policy of project ${harmless(mark.project)}, set by ${by}` : by;
  const text = mark ? `this terminal is recorded by ${whose}: ${what}` : 'the recording has ended';
  // The terminal is raw: a line ends with both.
  out.raw(`\r\n${out.paintNote('red', `● ${text}`)}\r\n`);
}

/** Attach this terminal to the one that a ticket opens. Resolves to the exit status: the program's, or 0 when detached. */
export async function attach(api: Api, ticket: ConsoleTicket, options: AttachOptions): Promise<number> {
  const { out } = options;
  const query = new URLSearchParams({ ticket: ticket.ticket, from: String(options.from) });
  const socket = await openSocket(api.socketPath, `/api/console?${query}`);
  if (options.hint) out.note(out.paintNote('dim', `attached: ${DETACH_HINT}`));
  const stop = tellFrozen(api, options.guest, out);
  const end = await runTerminal(socket, (mark) => tellRecording(out, mark)).finally(stop);
  if (end.type === 'exit') return exitStatusOf(end.exit);
  out.note(`\n${options.detached}`);
  return 0;
}
