import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import WebSocket from 'ws';
import { timed, within } from '../measure.ts';
import { untilPrompt } from './page-probe.ts';
import { fileOf, type Subject } from './subject.ts';

const START_MS = 30_000;

/** Readers of a flood take what comes, as a page does, so quick. */
async function readFlood(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await within(START_MS, 'a socket to the naive server', once(socket, 'open'));
  socket.on('message', () => undefined);
  return socket;
}

/** node-pty, ws and xterm.js, as naive-server.ts has them, with the size that Berth's terminal has. */
export async function startNaive(dir: string, size: { columns: number; rows: number }): Promise<Subject> {
  const server = fork(path.join(import.meta.dirname, 'naive-server.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // it ends with the channel to the bench, not by the terminal's Ctrl-C
    detached: true,
  });
  const [port] = await within(START_MS, 'the naive server’s port', once(server, 'message'));
  const { pid } = server;
  if (pid === undefined) throw new Error('the naive server has no pid');
  const address = `127.0.0.1:${port}`;
  return {
    name: 'node-pty, ws, xterm.js',
    open: (page) =>
      timed(async () => {
        await page.goto(`http://${address}/?columns=${size.columns}&rows=${size.rows}`);
        await untilPrompt(page);
      }),
    flood: async (count) => {
      const sockets = await Promise.all(
        Array.from({ length: count }, () => readFlood(`ws://${address}/?flood`)),
      );
      return async () => {
        for (const socket of sockets) socket.terminate();
      };
    },
    makeFile: async (bytes) => {
      const file = path.join(dir, 'big');
      writeFileSync(file, fileOf(bytes));
      return file;
    },
    pids: () => [pid],
    [Symbol.asyncDispose]: async () => {
      const ended = once(server, 'exit');
      server.disconnect();
      await ended;
    },
  };
}
