import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Client, type ConsoleFixture, createConsoleFixture, eventually } from './console-fixture.ts';
import { issueExecTicket } from './issue-exec-ticket.ts';
import { Tag, WINDOW } from './protocol.ts';
import type { TicketHolder } from './tickets.ts';

const root: TicketHolder = { actor: { kind: 'root' }, login: null };

let fixture: ConsoleFixture;
beforeEach(async () => {
  fixture = await createConsoleFixture();
});
afterEach(() => fixture[Symbol.asyncDispose]());

async function run(...command: string[]): Promise<Client> {
  const { ticket } = await issueExecTicket(fixture.services, root, { guest: 'web', command });
  const client = fixture.open(`/api/exec?ticket=${ticket}`);
  await client.opened;
  return client;
}

function acknowledgeAll(client: Client): void {
  client.socket.on('message', (frame: Buffer) => {
    if (frame[0] !== Tag.stdout && frame[0] !== Tag.stderr) return;
    const count = Buffer.alloc(4);
    count.writeUInt32LE(frame.length - 1);
    client.send(Tag.execAcknowledge, count);
  });
}

const exitOf = (client: Client) => JSON.parse(client.payload(Tag.exit).toString());
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a command on a socket', () => {
  test('passes 10 MB of random bytes through, both ways', async () => {
    const client = await run('cat');
    acknowledgeAll(client);
    const sent = randomBytes(10_000_000);
    let at = 0;
    const sendMore = () => {
      const taken = client.frames.filter((frame) => frame[0] === Tag.execAcknowledge);
      const ahead = at - taken.reduce((sum, frame) => sum + frame.readUInt32LE(1), 0);
      if (at < sent.length && ahead < WINDOW) {
        client.send(Tag.stdin, sent.subarray(at, at + 100_000));
        at += 100_000;
      } else if (at >= sent.length && ahead === 0) client.send(Tag.stdinEnd);
    };
    client.socket.on('message', (frame: Buffer) => frame[0] === Tag.execAcknowledge && sendMore());
    for (let i = 0; i < 5; i++) sendMore();
    expect(await client.closed).toEqual({ code: 1000, reason: 'ended' });
    expect(sha256(client.payload(Tag.stdout))).toBe(sha256(sent));
    expect(exitOf(client)).toEqual({ status: 0, signal: null });
  });

  test('keeps stdout and stderr apart and tells status and signal', async () => {
    const client = await run('sh', '-c', 'echo out; echo err >&2; exit 7');
    await client.closed;
    expect(client.payload(Tag.stdout).toString()).toBe('out\n');
    expect(client.payload(Tag.stderr).toString()).toBe('err\n');
    expect(exitOf(client)).toEqual({ status: 7, signal: null });
    const killed = await run('sleep', '60');
    await eventually(() => expect(fixture.runtime.children[1]?.pid).toBeTypeOf('number'));
    killed.send(Tag.signal, 'SIGTERM');
    await killed.closed;
    expect(exitOf(killed)).toEqual({ status: null, signal: 'SIGTERM' });
  });

  test('stays a window ahead of a client that takes nothing', async () => {
    const client = await run('sh', '-c', 'head -c 20000000 /dev/zero; echo done >&2');
    await eventually(() => expect(client.payload(Tag.stdout).length).toBeGreaterThanOrEqual(WINDOW));
    const [child] = fixture.runtime.children;
    await eventually(() => expect(child?.stdout.isPaused()).toBe(true));
    expect(client.payload(Tag.stdout).length).toBeLessThan(WINDOW + 2 * 65_536);
    expect(child?.exitCode).toBeNull();
  });

  test('reads no more stdin than the command takes', async () => {
    const client = await run('sleep', '60');
    const [piece, pieces] = [Buffer.alloc(500_000), 40];
    for (let i = 0; i < pieces; i++) client.send(Tag.stdin, piece);
    // The rest waits at the client: neither this process's memory nor the pipe holds 20 MB.
    await eventually(() => expect(fixture.runtime.children[0]?.stdin.writableNeedDrain).toBe(true));
    expect(fixture.runtime.children[0]?.stdin.writableLength).toBeLessThan(2_000_000);
    expect(client.socket.bufferedAmount).toBeGreaterThan(10_000_000);
  });

  test.each([false, true])('is killed when the client leaves (its stdin full: %s)', async (full) => {
    const client = await run('sleep', '60');
    await eventually(() => expect(fixture.runtime.children).toHaveLength(1));
    const [child] = fixture.runtime.children;
    if (full) {
      client.send(Tag.stdin, Buffer.alloc(1_000_000));
      await eventually(() => expect(child?.stdin.writableNeedDrain).toBe(true));
    }
    expect(child?.signalCode).toBeNull();
    client.socket.terminate();
    await eventually(() => expect(child?.signalCode).toBe('SIGKILL'));
  });

  test('goes on when the command closes its stdin early', async () => {
    const client = await run('sh', '-c', 'exec <&-; sleep 0.1; echo still here');
    for (let i = 0; i < 8; i++) client.send(Tag.stdin, Buffer.alloc(500_000));
    await client.closed;
    expect(client.payload(Tag.stdout).toString()).toBe('still here\n');
  });

  test('is refused with 4401 for a ticket of another purpose and 1008 for a signal that is none', async () => {
    const ticket = fixture.services.tickets.issue(root, { type: 'console', guestId: 'g1' });
    expect((await fixture.open(`/api/exec?ticket=${ticket}`).closed).code).toBe(4401);
    const client = await run('sleep', '60');
    client.send(Tag.signal, 'SIGNOT');
    expect((await client.closed).code).toBe(1008);
  });
});
