import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { connectDb } from '../../../server/db/client.ts';
import { readInstance } from '../../../server/instance/read-instance.ts';
import type { BerthInstance } from '../../helpers/berth-instance.ts';
import { stopSignal } from '../measure.ts';

/** Who made the rows: by it they are found again. */
const MAKER = 'bench-inventory';
const TEMPLATE = 'bench-template';
const AT_ONCE = 500;
const UP_MS = 300_000;
/** As many as the network of one instance has (server/network/leases.ts), less the first ones. */
const LEASES = 4000;

const WORK = ['web', 'db', 'cache', 'queue', 'mail', 'build', 'proxy', 'batch', 'edge', 'search'] as const;
const ENVIRONMENTS = ['prod', 'test', 'dev'] as const;

/** What the guest of a number is called, and what people have written about it. */
function wordsOf(number: number) {
  const work = WORK[number % WORK.length] ?? 'web';
  return {
    name: `${work}-${number}`,
    tags: [`env=${ENVIRONMENTS[number % ENVIRONMENTS.length]}`, `team=${number % 25}`, work].sort(),
    notes: number % 4 === 0 ? `# ${work}\n\nbelongs to the **shop**, asked for in ticket ${number * 7}` : '',
    contact: number % 3 === 0 ? `team-${number % 25}@example.org` : '',
    state: number % 50 === 0 ? 'failed' : 'stopped',
    problem: number % 50 === 0 ? 'its init ended with status 1' : null,
  };
}

/**
 * Guests that rest, as rows of the instance's own database that are copies of one that was really made; the server reads them as it
 * starts. Disposing takes them away again, so that a purge has none to delete one by one.
 */
export async function fillInventory(berth: BerthInstance, count: number): Promise<AsyncDisposable> {
  await must(berth, ['guest', 'create', TEMPLATE]);
  const { id: _id, ...model } = await withRows(berth, (db) =>
    db.guest.findFirstOrThrow({ where: { name: TEMPLATE } }),
  );
  await must(berth, ['guest', 'rm', '--now', TEMPLATE]);
  const filled: AsyncDisposable = {
    [Symbol.asyncDispose]: async () => {
      await withRows(berth, (db) => db.guest.deleteMany({ where: { createdBy: MAKER } }));
      await must(berth, ['down']);
    },
  };
  try {
    await withRows(berth, async (db) => {
      for (let first = 0; first < count; first += AT_ONCE) {
        stopSignal.throwIfAborted();
        const numbers = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => first + at + 1);
        await db.guest.createMany({
          data: numbers.map((number) => ({
            ...model,
            ...wordsOf(number),
            ...{ id: randomUUID(), idRange: number, createdBy: MAKER, mac: null },
            lease: number <= LEASES ? number + 1 : null,
            createdAt: new Date(Date.parse('2026-01-01T00:00:00Z') + number * 60_000),
            config: model.config ?? {},
            urls: model.urls ?? [],
            fields: model.fields ?? {},
            edits: model.edits ?? {},
          })),
        });
      }
    });
    await must(berth, ['down']);
    await must(berth, ['up', '--port', String(berth.port), '--address', '127.0.0.1'], UP_MS);
    return filled;
  } catch (error) {
    // Down in the middle: the rows are taken away all the same.
    await must(berth, ['up', '--port', String(berth.port), '--address', '127.0.0.1'], UP_MS);
    await filled[Symbol.asyncDispose]();
    throw error;
  }
}

async function must(berth: BerthInstance, args: string[], timeoutMs?: number): Promise<void> {
  const { status, stderr } = await berth.berth(args, { timeoutMs });
  if (status !== 0) throw new Error(`berth ${args.join(' ')} ended with ${status}: ${stderr.slice(-500)}`);
}

async function withRows<T>(
  berth: BerthInstance,
  work: (db: ReturnType<typeof connectDb>) => Promise<T>,
): Promise<T> {
  const instance = readInstance(berth.dataDir);
  if (!instance) throw new Error(`there is no instance in ${berth.dataDir}`);
  const socket = encodeURIComponent(path.join(instance.runDir, 'db'));
  const db = connectDb(`postgresql://berth@localhost/berth?host=${socket}`);
  try {
    return await work(db);
  } finally {
    await db.$disconnect();
  }
}
