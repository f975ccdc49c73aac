import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectDb, type Db } from '../db/client.ts';
import { HostBook } from '../db/host-book.ts';
import { AppError } from '../errors/app-error.ts';
import { createEventBus } from '../event/create-event-bus.ts';
import { createLog } from '../log.ts';
import { createOperationRunner, type StoppableRunner } from './create-operation-runner.ts';

/** Names of the steps, in order; each leaves one file of its name in the world's folder. */
export const STEPS = ['one', 'two', 'three'] as const;

export interface World {
  folder: string;
  /** The step that fails on purpose. */
  fails?: string;
}

/** What the steps have left. */
export function leftIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** A runner whose two operations leave files; `at` is told of every point that a crash may come at. */
export function crashableRunner(db: Db, at: (point: string) => void): StoppableRunner {
  const log = createLog(() => undefined);
  const runner = createOperationRunner({
    ...{ db, log, hosts: new HostBook(db) },
    events: createEventBus(() => undefined),
  });
  const steps = ({ folder, fails }: World) =>
    STEPS.map((name) => ({
      name,
      run: async () => {
        at(`before ${name}`);
        writeFileSync(join(folder, name), '');
        at(`within ${name}`);
        if (fails === name) throw new AppError('kernel', `${name} failed on purpose`);
      },
      undo: async () => {
        at(`before undoing ${name}`);
        rmSync(join(folder, name), { force: true });
        at(`after undoing ${name}`);
      },
    }));
  runner.define<World>({ kind: 'guest.start', onInterrupt: 'finish', steps });
  runner.define<World>({ kind: 'guest.create', onInterrupt: 'undo', steps });
  return runner;
}

/** Run one operation and die at the asked point, as kill -9 would have it. */
async function main([url = '', kind = '', point = '', world = '{}']: string[]): Promise<void> {
  const db = connectDb(url);
  const runner = crashableRunner(db, (here) => {
    if (here === point) process.kill(process.pid, 'SIGKILL');
  });
  const { folder, fails }: World = JSON.parse(world);
  if (!existsSync(folder)) throw new Error(`there is no ${folder}`);
  const { finished } = await runner.start<World>(kind === 'guest.start' ? 'guest.start' : 'guest.create', {
    subject: { type: 'guest', id: folder, name: 'crashed' },
    actor: { kind: 'root' },
    input: { folder, fails },
  });
  await finished;
  await db.$disconnect();
}

if (process.argv[1] === import.meta.filename) await main(process.argv.slice(2));
