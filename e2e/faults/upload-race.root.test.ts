import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Tag } from '../../server/console/protocol.ts';
import type { UploadTicket } from '../../server/console/schema.ts';
import type { GuestView } from '../../server/guest/schema.ts';
import type { FaultServer } from './fault-server.ts';
import { SOON, shareFaultServer } from './shared-fault-server.ts';

const RELEASE = path.resolve(import.meta.dirname, '../../native/build/Release');
const ENTER = path.join(RELEASE, 'enter');
/** In CI; `berth soak races` makes it 10,000. */
const ROUNDS = Number(process.env.BERTH_RACE_ROUNDS ?? 40);
const CONTROL_ROUNDS = 1_000_000;
const PATIENCE = Math.max(110_000, ROUNDS * 1000);
const CONTENT = 'n'.repeat(9001);

let server: FaultServer;
let guest: GuestView;
let session: string;
/** A folder of the host. In the guest is none of that name, but links to it. */
let outside: string;
const racers: ReturnType<typeof spawn>[] = [];

shareFaultServer(
  (made) => {
    server = made;
  },
  { guests: ['one'] },
);

function enter(...command: string[]): string[] {
  return ['exec', '--run-dir', path.join(server.instance.runDir, 'guests', guest.id), '--', ...command];
}

function inGuest(script: string, input: Buffer | string = ''): string {
  return execFileSync(ENTER, enter('/bin/sh', '-c', script), { input, encoding: 'utf8' });
}

// The directory that the shell is in, and a file in it that is to be replaced, become links that lead out, again and again.
beforeAll(async () => {
  const { client } = server;
  guest = await client.query<GuestView>('guest.get', { guest: 'one' });
  outside = mkdtempSync('/tmp/berth-upload-race-');
  inGuest('cat >/bin/race-check; chmod 755 /bin/race-check', readFileSync(path.join(RELEASE, 'race-check')));
  inGuest(`mkdir /way; ln -s ${outside} /link`);
  const shell = { guest: 'one', workdir: '/way' };
  ({ session } = await client.request<{ session: string }>('console.openShell', shell));
  const relink = `cd /way; while :; do ln -sf ${outside}/file file; done 2>/dev/null`;
  racers.push(spawn(ENTER, enter('/bin/sh', '-c', relink), { stdio: 'ignore' }));
  await vi.waitFor(() => expect(inGuest('ls /way')).toContain('file'), SOON);
  racers.push(spawn(ENTER, enter('/bin/race-check', 'swap', '/way', '/link'), { stdio: 'ignore' }));
  await vi.waitFor(() => expect(isLink()).toBe(true), { ...SOON, interval: 1 });
});
afterAll(() => {
  for (const racer of racers) racer.kill('SIGKILL');
  if (outside) rmSync(outside, { recursive: true, force: true });
});

const way = () => path.join(server.dataDir, 'guests', guest.id, 'upper/way');
const isLink = () => lstatSync(way()).isSymbolicLink();

/** What becomes of one file that is brought into the shell's directory: 0, a status of UploadStatus (schema.ts) or of a command that cannot begin, and what the guest says. */
async function upload(name: string): Promise<string> {
  const input = { session, name, size: CONTENT.length, replace: true };
  const { ticket } = await server.client.request<UploadTicket>('console.upload', input);
  const socket = new WebSocket(`ws+unix://${server.instance.adminSocket}:/api/upload?ticket=${ticket}`, {
    headers: { 'x-berth': '1' },
  });
  let [status, said] = ['', ''];
  socket.on('message', (frame: Buffer) => {
    if (frame[0] === Tag.exit) status = `${JSON.parse(frame.subarray(1).toString()).status}`;
    if (frame[0] === Tag.stderr) said += frame.subarray(1).toString();
  });
  const closed = once(socket, 'close');
  await once(socket, 'open');
  socket.send(Buffer.concat([Buffer.of(Tag.stdin), Buffer.from(CONTENT)]));
  socket.send(Buffer.of(Tag.stdinEnd));
  const [, reason] = await closed;
  return `${status || reason} ${said}`.trim();
}

test(
  'files that are brought into a directory which the guest exchanges meanwhile stay in the guest, whole',
  async () => {
    const said = new Set<string>();
    let kept = 0;
    for (let round = 0; round < ROUNDS || kept === 0; round++) {
      const name = round % 2 === 0 ? 'file' : 'kept';
      const outcome = await upload(name);
      said.add(outcome);
      if (outcome === '0' && name === 'kept') kept += 1;
    }
    expect(readdirSync(outside)).toEqual([]);
    // Not begun: the directory was a link to what the guest has not. Begun, and the shell's directory was another one when it came to it.
    for (const one of said) expect(one).toMatch(/^(0|18|19|\d+ berth: cannot chdir)\b/);
    // It is a link every other moment; who is in is in.
    const there = inGuest('until cd /way 2>/dev/null; do :; done; cat kept; ls -a | grep "part$"; :');
    expect(there === CONTENT || there).toBe(true);
  },
  PATIENCE,
);

test(
  'the control: whoever writes there from the host by path is led out',
  () => {
    for (let round = 0; round < CONTROL_ROUNDS && readdirSync(outside).length === 0; round++) {
      try {
        if (!isLink()) writeFileSync(path.join(way(), 'naive'), CONTENT);
      } catch {
        // It was in between.
      }
    }
    expect(readdirSync(outside)).toEqual(['naive']);
  },
  PATIENCE,
);
