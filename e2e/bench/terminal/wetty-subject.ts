import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Page } from '@playwright/test';
import WebSocket from 'ws';
import { pause, timed, within } from '../measure.ts';
import { runProgram } from '../run-program.ts';
import { untilPrompt } from './page-probe.ts';
import { fileOf, type Subject } from './subject.ts';

const VERSION = '3.2.0';
/** It builds node-pty. */
const INSTALL_MS = 600_000;
const START_MS = 60_000;
/** Of what its page takes, bytes, it tells the server so often (its client’s flow control). */
const COMMIT = 262_144;

interface WettyWindow {
  wetty_term?: { cols: number; rows: number };
}

interface Wetty {
  port: number;
  process: ChildProcess;
}

/** wetty from npm, in a folder of the bench: no dependency of the project. Throws what npm says. */
async function install(dir: string): Promise<string> {
  const folder = path.join(dir, 'wetty');
  // Its node-pty has no prebuilt file for Linux.
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--allow-scripts=node-pty'];
  await within(INSTALL_MS, 'wetty from npm', runProgram(['npm', ...args, `wetty@${VERSION}`]));
  return path.join(folder, 'node_modules/wetty/build/main.js');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

/** A server of its whose shells are all this command: it has one for all. */
async function startServer(main: string, command: string): Promise<Wetty> {
  const port = await freePort();
  const args = [main, '--host', '127.0.0.1', '--port', String(port), '--command', command];
  const child = spawn(process.execPath, [...args, '--log-level', 'error'], {
    // It ends with the bench, not by the terminal's Ctrl-C.
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env.PATH, PS1: '# ', NODE_ENV: 'production', HOME: '/root' },
  });
  const answers = async () => {
    while (child.exitCode === null) {
      const isThere = await fetch(`http://127.0.0.1:${port}/wetty`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isThere) return;
      await pause(100);
    }
    throw new Error(`wetty ended with ${child.exitCode}`);
  };
  await within(START_MS, 'an answer of wetty', answers());
  return { port, process: child };
}

/** Takes what comes as its page does: socket.io by hand, with its flow control. */
async function readFlood(port: number): Promise<WebSocket> {
  const url = `ws://127.0.0.1:${port}/wetty/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
  let taken = 0;
  const flooded = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const kind = data.subarray(0, 2).toString();
      if (kind.startsWith('0')) socket.send('40');
      else if (kind === '2') socket.send('3');
      if (kind !== '42') return;
      taken += data.length;
      if (taken > 1000) resolve();
      if (taken < COMMIT) return;
      taken -= COMMIT;
      socket.send(`42["commit",${COMMIT}]`);
    });
  });
  await within(START_MS, 'a flood of wetty', flooded);
  return socket;
}

/** Give the page the window in which wetty, which fills it, has this size. */
async function adapt(page: Page, size: { columns: number; rows: number }): Promise<void> {
  for (let round = 0; round < 6; round++) {
    const has = await page.evaluate(() => {
      const { cols = 0, rows = 0 } = (window as WettyWindow).wetty_term ?? {};
      return { columns: cols, rows };
    });
    if (has.columns === size.columns && has.rows === size.rows) return;
    const { width, height } = page.viewportSize() ?? { width: 1440, height: 900 };
    await page.setViewportSize({
      width: Math.ceil((width * (size.columns + 0.5)) / has.columns),
      height: Math.ceil((height * (size.rows + 0.5)) / has.rows),
    });
    await pause(500);
  }
  throw new Error(`wetty's page does not get to ${size.columns} × ${size.rows}`);
}

/** wetty as its own command starts it, with a plain shell of the host instead of a login. */
export async function startWetty(dir: string, size: { columns: number; rows: number }): Promise<Subject> {
  const main = await install(dir);
  const shells = await startServer(main, '/bin/sh');
  const floods = await startServer(main, 'yes');
  const pid = shells.process.pid;
  if (pid === undefined) throw new Error('wetty has no pid');
  let window = { width: 1440, height: 900 };
  return {
    name: `wetty ${VERSION}`,
    open: async (page) => {
      await page.setViewportSize(window);
      const ms = await timed(async () => {
        await page.goto(`http://127.0.0.1:${shells.port}/wetty`);
        await untilPrompt(page);
      });
      await adapt(page, size);
      window = page.viewportSize() ?? window;
      await page.locator('.xterm').click();
      return ms;
    },
    flood: async (count) => {
      const sockets = await Promise.all(Array.from({ length: count }, () => readFlood(floods.port)));
      return async () => {
        for (const socket of sockets) socket.terminate();
      };
    },
    makeFile: async (bytes) => {
      const file = path.join(dir, 'big-wetty');
      writeFileSync(file, fileOf(bytes));
      return file;
    },
    pids: () => [pid],
    [Symbol.asyncDispose]: async () => {
      for (const { process: child } of [shells, floods]) {
        const ended = once(child, 'exit');
        child.kill();
        await ended;
      }
    },
  };
}
