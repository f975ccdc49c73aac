import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectDb, type Db } from '../db/client.ts';
import { startTestDatabase } from '../db/test-database.ts';
import { armFailpoints } from '../failpoint/failpoint.ts';
import { parsePlan } from '../failpoint/plan.ts';
import { crashableRunner, leftIn, STEPS, type World } from './crash-fixture.ts';

const FIXTURE = join(import.meta.dirname, 'crash-fixture.ts');

let database: Awaited<ReturnType<typeof startTestDatabase>>;
let db: Db;

beforeAll(async () => {
  database = await startTestDatabase();
  db = connectDb(database.url);
});
afterEach(() => db.operation.deleteMany());
afterAll(async () => {
  await db?.$disconnect();
  await database?.close();
});

/** Let another process run the operation and be killed at a point; it must have died of that and nothing else. */
function crash(kind: string, point: string, fails?: string): string {
  const folder = mkdtempSync(join(database.folder, 'world-'));
  const world: World = { folder, fails };
  const { signal, stderr } = spawnSync(
    process.execPath,
    [FIXTURE, database.url, kind, point, JSON.stringify(world)],
    {
      encoding: 'utf8',
      timeout: 30_000,
    },
  );
  expect(signal, stderr).toBe('SIGKILL');
  return folder;
}

async function recover(): Promise<{ status: string; steps: string[]; points: string[]; error: unknown }> {
  const points: string[] = [];
  const runner = crashableRunner(db, (point) => points.push(point));
  await runner.recover();
  const { id } = await db.operation.findFirstOrThrow({ select: { id: true } });
  const view = await runner.get(id);
  expect(runner.current(view.subject.id)).toBeNull();
  expect(view.endedAt).not.toBeNull();
  return { status: view.status, steps: view.steps.map(({ status }) => status), points, error: view.error };
}

const points = STEPS.flatMap((name) => [`before ${name}`, `within ${name}`]);

describe.each(points)('killed %s', (point) => {
  test('an operation to be finished is finished, no step over again that was done', async () => {
    const folder = crash('guest.start', point);
    const end = await recover();
    expect(end).toMatchObject({ status: 'done', steps: ['done', 'done', 'done'], error: null });
    expect(leftIn(folder)).toEqual([...STEPS].sort());
    const step = point.split(' ')[1] ?? '';
    const again = STEPS.slice(STEPS.findIndex((name) => step.endsWith(name)));
    expect(end.points).toEqual(again.flatMap((name) => [`before ${name}`, `within ${name}`]));
  });

  test('an operation to be undone leaves nothing', async () => {
    const folder = crash('guest.create', point);
    expect(await recover()).toMatchObject({ status: 'failed', error: { code: 'unavailable' } });
    expect(leftIn(folder)).toEqual([]);
  });
});

const undoPoints = STEPS.flatMap((name) => [`before undoing ${name}`, `after undoing ${name}`]);

test.each(undoPoints)('killed %s, undoing goes on and the first reason stays', async (point) => {
  const folder = crash('guest.start', point, 'three');
  expect(await recover()).toMatchObject({
    status: 'failed',
    error: { code: 'kernel', message: 'three failed on purpose' },
  });
  expect(leftIn(folder)).toEqual([]);
});

test('a crash while recovering is recovered too', async () => {
  const folder = crash('guest.create', 'within three');
  let tries = 0;
  const dies = crashableRunner(db, (point) => {
    if (point === 'before undoing two' && tries++ === 0) throw new Error('stands for a crash of this undo');
  });
  await dies.recover();
  expect(leftIn(folder)).toEqual(['two']);
  await db.operation.updateMany({ data: { status: 'running', endedAt: null } });
  expect((await recover()).status).toBe('failed');
  expect(leftIn(folder)).toEqual([]);
});

test('one whose end cannot be written down is told as failed, and undone when it can be', async () => {
  const folder = mkdtempSync(join(database.folder, 'world-'));
  const runner = crashableRunner(db, () => undefined);
  armFailpoints(parsePlan('operation.end:before=error'));
  try {
    const { operation, finished } = await runner.start('guest.create', {
      subject: { type: 'guest', id: 'g1', name: 'web' },
      actor: { kind: 'root' },
      input: { folder } satisfies World,
    });
    expect(await finished).toMatchObject({ status: 'failed', error: { code: 'internal' } });
    expect(leftIn(folder)).toEqual([...STEPS].sort());
    await expect
      .poll(() => runner.get(operation.id), { timeout: 60_000 })
      .toMatchObject({ status: 'failed' });
    expect(leftIn(folder)).toEqual([]);
    await expect.poll(() => runner.current('g1')).toBeNull();
  } finally {
    armFailpoints(null);
  }
});
