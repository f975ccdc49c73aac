import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { type BerthInstance, startInstance } from './helpers/berth-instance.ts';
import { takeHostSnapshot } from './oracle/host-snapshot.ts';

test.setTimeout(300_000);

interface Rows {
  name: string;
  initPid: number;
  addresses: { ipv4: string };
}

/** The links of an instance that shape what guests send. */
const shapersOf = ({ slot }: BerthInstance) =>
  readdirSync('/sys/class/net').filter((name) => name.startsWith(`bi${slot}-`));

test('purge leaves nothing: not of guests that run, nor what a killed server and a killed supervisor have left', async () => {
  const berth = await startInstance();
  let isPurged = false;
  try {
    for (const name of ['one', 'two'])
      await berth.berthJson(['guest', 'create', name, '--net-send', '1M', '--start']);
    expect(shapersOf(berth)).toHaveLength(2);
    const { processes } = await berth.berthJson<{ processes: Record<'server', { pid: number }> }>(['status']);
    const { initPid } = await berth.berthJson<Rows>(['guest', 'info', 'one']);
    const supervisor = Number(execFileSync('ps', ['-o', 'ppid=', '-p', `${initPid}`], { encoding: 'utf8' }));
    expect(supervisor).toBeGreaterThan(1);
    // Of a guest that there is none of any more, with one that its supervisor cannot remove any more.
    execFileSync('ip', ['link', 'add', `bi${berth.slot}-4000`, 'type', 'ifb']);
    expect((await berth.berth(['down'])).status).toBe(0);
    expect(() => process.kill(processes.server.pid, 0)).toThrow('ESRCH');
    process.kill(supervisor, 'SIGKILL');
    await expect.poll(() => alive(initPid)).toBe(false);
    expect(shapersOf(berth)).toContain(`bi${berth.slot}-4000`);
    // The control: all this is what a purge must take away.
    expect([...takeHostSnapshot(berth.slot)].length).toBeGreaterThan(0);
    await berth[Symbol.asyncDispose]();
    isPurged = true;
    expect(shapersOf(berth)).toEqual([]);
    await expect.poll(() => [...takeHostSnapshot(berth.slot)]).toEqual([]);
  } finally {
    if (!isPurged) await berth[Symbol.asyncDispose]();
  }
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
