import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { endProcess, identify, isAlive, readProcessTable, writeProcessTable } from './process-table.ts';

describe('the table of our own processes', () => {
  it('knows a process by its start time, not by its pid alone', () => {
    const me = identify(process.pid);
    expect(isAlive(me)).toBe(true);
    expect(isAlive({ pid: process.pid, startTime: '1' })).toBe(false);
  });

  it('drops what does not run any more', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'berth-table-'));
    const child = spawn('sleep', ['60']);
    const own = identify(child.pid ?? 0);
    writeProcessTable(dir, { supervisor: identify(process.pid), server: own, web: null });
    expect(readProcessTable(dir).server).toEqual(own);
    const exit = once(child, 'exit');
    expect(await endProcess(own, 5_000)).toBe(false);
    await exit;
    expect(readProcessTable(dir)).toMatchObject({
      supervisor: { pid: process.pid },
      server: null,
      web: null,
    });
    rmSync(dir, { recursive: true });
  });

  it('kills what does not listen, after the limit', async () => {
    const child = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 60; done'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    const exit = once(child, 'exit');
    expect(await endProcess(identify(child.pid ?? 0), 100)).toBe(true);
    expect(await exit).toEqual([null, 'SIGKILL']);
  });
});
