import { type ConsoleExit, Tag } from '../console/protocol.ts';
import { closeError } from './close-reason.ts';
import { later } from './later.ts';
import type { TerminalEnd } from './run-terminal.ts';
import type { ServerSocket } from './server-socket.ts';

/**
 * Print what a terminal prints on stdout, with the line ends of a file, until its program ends or a signal comes. Throws
 * what the server closed the socket with.
 */
export async function printTerminal(socket: ServerSocket): Promise<TerminalEnd> {
  const end = later<TerminalEnd>();
  const detach = () => end.resolve({ type: 'detached' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, detach);
  socket.on('message', (frame) => {
    if (frame[0] === Tag.output) {
      const shown = Number(frame.readBigUInt64LE(1)) + frame.length - 9;
      process.stdout.write(frame.toString('latin1', 9).replaceAll('\r\n', '\n'), 'latin1', () => {
        if (!socket.isOpen) return;
        const acknowledge = Buffer.alloc(9);
        acknowledge[0] = Tag.acknowledge;
        acknowledge.writeBigUInt64LE(BigInt(shown), 1);
        socket.send(acknowledge);
      });
    } else if (frame[0] === Tag.exit) {
      const exit: ConsoleExit = JSON.parse(frame.toString('utf8', 1));
      process.stdout.write('', () => end.resolve({ type: 'exit', exit }));
    }
  });
  socket.on('close', (code, reason) => {
    if (code !== 1000) end.reject(closeError(code, reason));
  });
  socket.resume();
  try {
    return await end.promise;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, detach);
    socket.terminate();
  }
}
