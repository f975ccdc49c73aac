import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { spawn } from 'node-pty';
import { type WebSocket, WebSocketServer } from 'ws';

/**
 * The web terminal as it is commonly put together, to be beside: node-pty, ws and xterm.js, one shell for each socket, every byte drawn.
 * With the flow control of ttyd 1.7.7 (its `src/pty.c` and `html/src/components/terminal/xterm/index.ts`), without which
 * xterm.js drops what it cannot keep. A program of its own, so that its processor time is its own.
 */
const require = createRequire(import.meta.url);
const FILES: Record<string, [file: string, type: string]> = {
  '/xterm.js': [require.resolve('@xterm/xterm'), 'text/javascript'],
  '/xterm.css': [require.resolve('@xterm/xterm/css/xterm.css'), 'text/css'],
};
const PAGE = `<!doctype html><meta charset="utf-8"><title>naive</title><link rel="stylesheet" href="/xterm.css">
<body style="margin:0"><div id="host"></div><script src="/xterm.js"></script><script>
const asked = new URLSearchParams(location.search);
const cols = Number(asked.get('columns')), rows = Number(asked.get('rows'));
const term = new Terminal({ cols, rows, fontSize: 13, scrollback: 10000 });
term.open(document.getElementById('host'));
term.focus();
const socket = new WebSocket('ws://' + location.host + '/?columns=' + cols + '&rows=' + rows);
socket.binaryType = 'arraybuffer';
const LIMIT = 100000, HIGH = 10, LOW = 4;
let written = 0, pending = 0;
socket.onmessage = ({ data }) => {
  const bytes = new Uint8Array(data);
  written += bytes.length;
  if (written <= LIMIT) return term.write(bytes);
  term.write(bytes, () => {
    pending = Math.max(pending - 1, 0);
    if (pending < LOW) socket.send('3');
  });
  pending++;
  written = 0;
  if (pending > HIGH) socket.send('2');
};
term.onData((data) => socket.send('0' + data));
</script>`;

function serve(socket: WebSocket, asked: URLSearchParams): void {
  const shell = spawn('/bin/sh', asked.has('flood') ? ['-c', 'exec yes'] : [], {
    name: 'xterm-256color',
    cols: Number(asked.get('columns') ?? 80),
    rows: Number(asked.get('rows') ?? 24),
    env: { PATH: process.env.PATH, PS1: '# ', TERM: 'xterm-256color' },
    encoding: null,
  });
  shell.onData((bytes) => socket.send(bytes));
  shell.onExit(() => socket.close());
  socket.on('message', (data) => {
    const text = String(data);
    if (text[0] === '0') shell.write(text.slice(1));
    else if (text[0] === '2') shell.pause();
    else shell.resume();
  });
  socket.on('close', () => shell.kill('SIGKILL'));
}

const server = createServer(async (request, response) => {
  const [file, type] = FILES[request.url ?? ''] ?? [null, 'text/html'];
  response.writeHead(200, { 'content-type': type });
  response.end(file ? await readFile(file) : PAGE);
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) =>
  serve(socket, new URL(request.url ?? '/', 'http://localhost').searchParams),
);
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit(0));
