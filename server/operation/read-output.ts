import type { Db } from '../db/client.ts';
import { AppError } from '../errors/app-error.ts';
import type { StoppableRunner } from './create-operation-runner.ts';

/** What an operation printed: so far while it works, the end of it (256 Ki characters) afterwards. */
export async function readOutput(
  services: { db: Db; operations: StoppableRunner },
  id: string,
): Promise<{ text: string }> {
  const live = services.operations.outputOf(id);
  if (live !== null) return { text: live };
  const row = await services.db.operation.findUnique({ where: { id }, select: { output: true } });
  if (row === null)
    throw new AppError('not_found', `there is no operation ${JSON.stringify(id)}`, { field: ['id'] });
  return { text: row.output ?? '' };
}
