import { sendDatagram as send } from '../../native/lib/send-datagram.ts';

/** One message to a unix datagram socket. Throws with errno's name as `code` (native/lib/send-datagram.ts). */
export function sendDatagram(path: string, bytes: Buffer): Promise<void> {
  return send(path, bytes);
}
