import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import { ALL_GUESTS } from '../recording/recording-policies.ts';
import type { policyInput, RecordingPolicy, setPolicyInput } from '../recording/schema.ts';
import { appliedPolicy, isWanted } from './applied-policy.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleServices } from './services.ts';
import { describeTerminal, recordTerminal } from './start-recording.ts';

/** Record a terminal of a guest that is always recorded, and end what its policy does not want any more. Never rejects: what fails is logged, and the terminal works all the same. */
export async function recordIfAlways(
  services: ConsoleServices,
  terminal: { session: string } | { guest: string },
): Promise<void> {
  try {
    const { key, described } = await describeTerminal(services, terminal);
    const policy = appliedPolicy(services, await services.guests.find(described.guestId));
    const going = services.desk.recordingOf(key);
    if (going) {
      if (isWanted(services.recordings.get(going), policy)) return;
      await services.recordings.finish(going, 'policy', null);
    }
    if (policy) await recordTerminal(services, key, { ...described, ...policy, isAlways: true });
  } catch (error) {
    const isGone = error instanceof AppError && ['busy', 'not_found'].includes(error.code);
    if (!isGone)
      services.platform.log.warn('a terminal cannot be recorded', { terminal, error: String(error) });
  }
}

/**
 * Make true what the policy of a guest wants: its terminals are recorded, each once, by it and no other, or by none. Who is in them is
 * told. Never rejects but for surprises.
 */
export async function applyPolicy(services: ConsoleServices, guestId: string): Promise<void> {
  // One that is deleted meanwhile has nothing to record.
  const guest = await services.guests.find(guestId).catch(() => null);
  if (!guest) return;
  if (guest.state !== 'running' && guest.state !== 'frozen') return;
  if (!appliedPolicy(services, guest)) {
    const { recordings } = services.recordings.list(guestId);
    for (const { id, isAlways, endedAt } of recordings)
      if (isAlways && endedAt === null) await services.recordings.finish(id, 'policy', null);
    return;
  }
  await recordIfAlways(services, { guest: guestId });
  for (const { id, exit } of await services.sessions.list(guestId))
    if (!exit) await recordIfAlways(services, { session: id });
}

/** Whether a guest is always recorded, or all are. Throws `not_found`. */
export async function viewPolicy(
  services: ConsoleServices,
  { guest }: z.output<typeof policyInput>,
): Promise<RecordingPolicy> {
  const { recordings, guests } = services;
  if (guest === undefined) return { ...recordings.policies.of(ALL_GUESTS), project: null };
  const { id, project } = await guests.find(guest);
  const team = guests.recordingOf(project);
  return { ...recordings.policies.of(id), project: team && { ...team, name: project } };
}

/**
 * Record the console and every shell of a guest, or of all guests, from now on, or not any more: recordings that go on because of it
 * alone end. Throws `not_found` and `forbidden`.
 */
export async function setPolicy(
  services: ConsoleServices,
  actor: Actor,
  { guest, always }: z.output<typeof setPolicyInput>,
): Promise<RecordingPolicy> {
  const { recordings, guests } = services;
  const id = guest === undefined ? ALL_GUESTS : (await guests.find(guest)).id;
  if (id !== ALL_GUESTS) await requireDriver(services, actor, id);
  else if (!(await guests.mayDriveAll(actor)))
    throw new AppError('forbidden', 'only who may use the terminals of all guests has all of them recorded');
  recordings.policies.set(id, always, actorName(actor));
  if (id !== ALL_GUESTS) guests.tellRecorded(id, always);
  const concerned = id === ALL_GUESTS ? guests.running() : [id];
  if (always) for (const one of concerned) await applyPolicy(services, one);
  const { recordings: all } = recordings.list(id === ALL_GUESTS ? undefined : id);
  for (const one of all)
    if (
      one.isAlways &&
      one.project === null &&
      one.endedAt === null &&
      !recordings.policies.of(one.guestId).always
    )
      await recordings.finish(one.id, 'stopped', actorName(actor));
  return viewPolicy(services, { guest });
}
