import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { BerthEvent } from '../event/schema.ts';

/** Open the stream of events over a web socket of a server, with a browser's headers; resolves when it has begun. `closed`: with the code. */
export async function openEventStream(webSocket: string, headers: Record<string, string>) {
  const socket = new WebSocket(`ws+unix://${webSocket}:/api/trpc`, {
    headers: { 'x-forwarded-host': 'berth.test:8443', ...headers },
  });
  const heard: BerthEvent[] = [];
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  const begun = new Promise<void>((resolve) =>
    socket.on('message', (data) => {
      const { result } = JSON.parse(String(data));
      if (result?.type === 'started') resolve();
      if (result?.type === 'data') heard.push(result.data);
    }),
  );
  socket.send(
    JSON.stringify({ id: 1, method: 'subscription', params: { path: 'event.stream', input: null } }),
  );
  await begun;
  return { socket, heard, closed };
}
