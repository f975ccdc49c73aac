import { createSocket, type Socket } from 'node:dgram';
import { hostname } from 'node:os';
import type { z } from 'zod';
import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import { sendDatagram } from '../runtime/send-datagram.ts';
import { listAudit } from './list-audit.ts';
import { type forwardInput, readTarget } from './schema.ts';
import { syslogMessage } from './syslog-message.ts';

const PAGE = 500;

interface Sender extends AsyncDisposable {
  send(message: string): Promise<void>;
}

/**
 * Send entries to a log, the oldest first (RFC 5424; by UDP RFC 5426). Resolves to how many, and to the number of the last, after which the
 * next time goes on. Throws `unavailable` on field `target` where it does not take them, which names the last that it took.
 */
export async function sendToSyslog(
  db: Db,
  { target, ...input }: z.output<typeof forwardInput>,
  guestId: (ref: string) => string | null,
): Promise<{ sent: number; last: number }> {
  await using sender = open(target);
  const host = hostname();
  const guest = input.guest === undefined ? null : guestId(input.guest);
  let [sent, last] = [0, input.after];
  for (;;) {
    const asked = { ...input, after: last, limit: PAGE };
    const page = await listAudit(db, asked, { reach: 'everything', guestId: guest });
    for (const entry of page) {
      await sender.send(syslogMessage(entry, host)).catch((cause: unknown) => {
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
        const until = sent === 0 ? 'nothing was sent' : `the last one sent is ${last}`;
        throw new AppError('unavailable', `${target} takes no message (${code}): ${until}`, {
          ...{ field: ['target'], cause },
        });
      });
      sent++;
      last = entry.seq;
    }
    if (page.length < PAGE) return { sent, last };
  }
}

function open(target: string): Sender {
  const to = readTarget(target);
  if (to === null) throw new Error(`the target ${target} was not looked at`);
  if (to.kind === 'unix')
    return {
      send: (message) => sendDatagram(to.path, Buffer.from(message)),
      [Symbol.asyncDispose]: async () => undefined,
    };
  return udp(to);
}

function udp({ host, port }: { host: string; port: number }): Sender {
  const socket: Socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  // Told by the next `send` too; without a listener it would end the server.
  socket.on('error', () => undefined);
  return {
    send: (message) =>
      new Promise((resolve, reject) =>
        socket.send(message, port, host, (error) => (error ? reject(error) : resolve())),
      ),
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
