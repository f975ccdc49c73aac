import { AppError } from '../errors/app-error.ts';
import { changeSettings } from './change-settings.ts';
import { configureGuest } from './configure-guest.ts';
import { describeGuest } from './describe-guest.ts';
import { changeOf, type RowChange } from './import-change.ts';
import type { ImportRow } from './import-schema.ts';
import { type Importer, judgeRow, requireSameMake, requireSeen } from './judge-import.ts';
import { moveGuest } from './move-guest.ts';
import { amountsOf } from './quota.ts';
import type { GuestRecord } from './record.ts';
import { renameGuest } from './rename-guest.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { patched, settingsOf } from './settings.ts';
import { viewOf } from './view.ts';

type Back = () => Promise<unknown>;

/** Puts back what was done for a row that could not be done whole: nobody has to be allowed that. */
const SERVER: Pick<Importer, 'actor' | 'rights'> = { actor: { kind: 'policy' }, rights: { unlimited: true } };

/**
 * Change a guest to what a row of a file says, all of it or nothing. Throws `changed_meanwhile` when the guest is not any more what was
 * `seen` (`guest.planImport`), and what its verbs throw; then what was done already is put back, but for what somebody else has changed
 * since (`internal`, which says so). A server that is killed in between leaves what was done: each step is whole, the row is not.
 */
export async function importChange(
  services: GuestServices,
  by: Importer,
  input: { guest: string; seen: string; row: ImportRow },
): Promise<GuestView> {
  const { guests, projects } = services;
  const { row, seen } = input;
  const record = guests.get(input.guest);
  requireSeen(record, seen);
  requireSameMake(row, record);
  // Whether a project is there at all, judgeMove tells, and whom.
  const found = projects.all().find(({ name }) => name === (row.project ?? record.project));
  const change = changeOf(row, record, found?.fields ?? []);
  await judgeRow(services, by, { record, change });
  // What was judged meanwhile took its time.
  requireSeen(guests.get(record.id), seen);
  const backs: Back[] = [];
  try {
    for (const step of stepsOf(services, by, { record, change })) backs.push(await step());
  } catch (error) {
    await putBack(services, record, backs);
    throw error;
  }
  return viewOf(services, guests.get(record.id));
}

/** What is done, in order; each answers with how it is put back. */
function stepsOf(
  services: GuestServices,
  by: Importer,
  { record, change }: { record: GuestRecord; change: RowChange },
): (() => Promise<Back>)[] {
  const { id, name, project } = record;
  const { settings, words } = change;
  const rename = async () => {
    const next = change.name ?? name;
    await renameGuest(services, by.actor, { guest: id, name: next });
    return async () => {
      requireStill(services.guests.get(id), 'name', next);
      await renameGuest(services, SERVER.actor, { guest: id, name });
    };
  };
  const move = async () => {
    const next = change.project ?? project;
    await moveGuest(services, by, { guest: id, project: next });
    return async () => {
      requireStill(services.guests.get(id), 'project', next);
      await moveGuest(services, SERVER, { guest: id, project });
    };
  };
  const configure = async () => {
    const { command, ...patch } = settings ?? {};
    const before = services.guests.get(id);
    await configureGuest(services, by.actor, { guest: id, ...patch, command });
    // As it was left: what somebody else makes of it before it is put back is not overwritten but ends in `busy`.
    const mine = services.guests.get(id);
    const back = { record: mine, after: settingsOf(before), revert: before.revert };
    return () => changeSettings(services, SERVER.actor, back);
  };
  const describe = async () => {
    await describeGuest(services, by.actor, { ...words, guest: id, version: record.version });
    return async () => undefined;
  };
  const room = [...(change.project === null ? [] : [move]), ...(settings ? [configure] : [])];
  return [
    ...(change.name === null ? [] : [rename]),
    // What it takes in the new project is what it will be: who gives some up does so first.
    ...(isSmaller(record, settings) ? room.reverse() : room),
    // Last, and whole by itself: it needs no way back.
    ...(words ? [describe] : []),
  ];
}

/** Throws `busy` when somebody else has given it another one since. */
function requireStill(now: GuestRecord, key: 'name' | 'project', value: string): void {
  if (now[key] === value) return;
  throw new AppError('busy', `the ${key} of ${now.name} has been changed by somebody else meanwhile`);
}

function isSmaller(record: GuestRecord, settings: RowChange['settings']): boolean {
  if (!settings?.limits) return false;
  const { lease } = record;
  const now = amountsOf({ limits: record.limits, lease });
  const then = amountsOf({ limits: patched(settingsOf(record), settings).limits, lease });
  return then.cpu < now.cpu || then.memory < now.memory;
}

/** Throws `internal` that says so when that cannot be done: then somebody has to look. */
async function putBack(
  { log }: GuestServices,
  { name, id }: GuestRecord,
  backs: readonly Back[],
): Promise<void> {
  for (const back of [...backs].reverse()) {
    try {
      await back();
    } catch (error) {
      log.error('a row of an import could not be put back', { guest: id, error });
      const why = error instanceof Error ? error.message : String(error);
      throw new AppError(
        'internal',
        `${name} is changed in part, as putting it back failed (${why}): look at it`,
      );
    }
  }
}
