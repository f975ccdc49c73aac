import WebSocket from 'ws';
import { Tag } from '../../../server/console/protocol.ts';
import { readInstance } from '../../../server/instance/read-instance.ts';
import type { BenchServer } from '../bench-server.ts';
import { pause, within } from '../measure.ts';
import type { ServerState } from '../server-probe.ts';

/** What many open sessions cost the server. */
export interface SessionsResult {
  sessions: number;
  asleep: Cost;
  /** Each is looked at by a window. */
  awake: Cost;
}
interface Cost {
  /** Bytes of each: resident memory of the server with all its threads. */
  rss: number;
  /** JavaScript's heap and what lies beside it, main thread only. */
  heap: number;
  /** Processor time of the server while nobody writes, % of one core. */
  idle: number;
}

const GUEST = 'many-shells';
/** Screens that nobody looks at any more fall asleep after 10 s. */
const SETTLE_MS = 15_000;
const LOOK_MS = 30_000;
const GIVEN_BACK_MS = 4000;

/** Open many shells in one guest and leave them alone; then look at each. */
export async function benchSessions(
  server: BenchServer,
  options: { sessions: number; seconds: number },
): Promise<SessionsResult> {
  const { sessions, seconds } = options;
  const { api } = server;
  const limits = { pids: sessions * 2 + 100, memory: 4 * 1024 ** 3 };
  await api.mutate('guest.create', { name: GUEST, image: 'berth/mini', limits, start: true, wait: true });
  const names: string[] = [];
  const open = async () => {
    const { ticket, session } = await api.mutate<{ ticket: string; session: string }>('console.openShell', {
      guest: GUEST,
    });
    names.push(session);
    (await look(server, ticket)).close();
  };
  // what is made with the first ones stays for all
  for (let at = 0; at < 20; at++) await open();
  await pause(SETTLE_MS);
  const before = await settled(server);
  for (let at = 0; at < sessions; at++) await open();
  await pause(SETTLE_MS);
  const cost = async (): Promise<Cost> => {
    const { rss, heapUsed, external } = await settled(server);
    const cpu = server.cpuMillis();
    await pause(seconds * 1000);
    const idle = (server.cpuMillis() - cpu) / seconds / 10;
    const heap = heapUsed + external - before.heapUsed - before.external;
    return { rss: (rss - before.rss) / sessions, heap: heap / sessions, idle };
  };
  const asleep = await cost();
  const windows: WebSocket[] = [];
  for (const session of names.slice(-sessions)) {
    const { ticket } = await api.mutate<{ ticket: string }>('console.ticket', { session });
    windows.push(await look(server, ticket));
  }
  await pause(SETTLE_MS);
  const awake = await cost();
  for (const window of windows) window.close();
  await api.mutate('guest.delete', { guest: GUEST, force: true, wait: true });
  return { sessions, asleep, awake };
}

/** What it holds once V8 has given back the pages that a collection emptied: it does so a little later. */
async function settled(server: BenchServer): Promise<ServerState> {
  await server.state();
  await pause(GIVEN_BACK_MS);
  return server.state();
}

/** A window on a terminal as a browser has one, once it has been shown the screen. */
function look(server: BenchServer, ticket: string): Promise<WebSocket> {
  const instance = readInstance(server.dataDir);
  if (!instance) throw new Error(`there is no instance in ${server.dataDir}`);
  const socket = new WebSocket(
    `ws+unix://${instance.adminSocket}:/api/console?ticket=${ticket}&view=screen`,
    { perMessageDeflate: false },
  );
  const shown = new Promise<WebSocket>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      if (data[0] === Tag.screen || data[0] === Tag.output) {
        const answer = Buffer.alloc(9);
        answer[0] = Tag.acknowledge;
        data.copy(answer, 1, 1, 9);
        socket.send(answer);
        resolve(socket);
      }
    });
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`the terminal closed with ${code}`)));
  });
  return within(LOOK_MS, 'the screen of a session', shown);
}
