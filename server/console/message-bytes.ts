import type { RawData } from 'ws';

/** One binary message of a WebSocket as one buffer, whatever shape ws gives it in. */
export function messageBytes(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
