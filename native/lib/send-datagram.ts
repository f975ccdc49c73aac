import { native } from './addon.ts';

/**
 * One message to a unix datagram socket (unix(7)); waits up to 5 s for one whose reader is slow. Rejects with NativeError: ENOENT, ECONNREFUSED
 * where nobody reads, EPROTOTYPE for a stream, EMSGSIZE, EAGAIN.
 */
export function sendDatagram(path: string, bytes: Buffer): Promise<void> {
  return native((addon) => addon.sendDatagram(path, bytes));
}
