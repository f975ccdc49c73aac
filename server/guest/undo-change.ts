import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { assertAllowed } from './action.ts';
import { type ConfigureResult, changeSettings } from './change-settings.ts';
import { checkSettings } from './check-settings.ts';
import { judgeChange } from './judge-change.ts';
import { revertOf } from './revert-of.ts';
import type { GuestServices } from './services.ts';
import { namesIn, patched, patchTo, settingsOf, settingsSchema } from './settings.ts';

const journaled = z.object({ id: z.string(), before: settingsSchema, after: settingsSchema });

/**
 * Undo a change of a guest's settings, however long ago: each setting that it changed gets back what it had. Throws
 * `illegal_state` that names what has been changed again since, `forbidden` where the way back needs a privilege.
 */
export async function undoChange(
  services: GuestServices,
  actor: Actor,
  input: { operation: string },
): Promise<ConfigureResult> {
  const change = await readChange(services, input.operation);
  const record = services.guests.get(change.id);
  assertAllowed(services, 'configure', record);
  const before = settingsOf(record);
  const back = patchTo(change.after, change.before);
  const set = patchTo(change.before, change.after);
  // What the change has set and the guest has no more.
  const meanwhile = namesIn(patchTo(before, patched(before, set)));
  if (meanwhile.length > 0) {
    throw new AppError(
      'illegal_state',
      `cannot undo operation ${input.operation}: ${meanwhile.join(', ')} of guest ${record.name} changed again since`,
      { field: ['operation'] },
    );
  }
  const after = patched(before, back);
  const revert = revertOf(record.revert, { before, after, patch: back, seconds: undefined });
  await judgeChange(services, actor, record, { after, revert });
  await checkSettings(services, { name: record.name, kind: record.kind, patch: back, settings: after });
  return changeSettings(services, actor, { record, after, revert });
}

async function readChange({ db }: Pick<GuestServices, 'db'>, id: string): Promise<z.infer<typeof journaled>> {
  const row = await db.operation.findUnique({
    where: { id },
    select: { kind: true, status: true, input: true },
  });
  if (!row) {
    throw new AppError('not_found', `there is no operation ${JSON.stringify(id)}`, { field: ['operation'] });
  }
  if (row.kind !== 'guest.configure' || row.status !== 'done') {
    const what = row.kind === 'guest.configure' ? `is ${row.status}` : `is a ${row.kind}`;
    throw new AppError(
      'bad_input',
      `operation ${id} ${what}: only a change of settings that was done can be undone`,
      {
        field: ['operation'],
      },
    );
  }
  return journaled.parse(row.input);
}
