import type { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor, EventBus } from '../platform.ts';
import { ALL_GUESTS } from '../recording/recording-policies.ts';
import type { policyInput, RecordingPolicy, RecordingView, setPolicyInput } from '../recording/schema.ts';
import { requireDriver } from './require-driver.ts';
import type { ConsoleServices } from './services.ts';
import { describeTerminal, recordTerminal } from './start-recording.ts';

/** Recordings that are taken up at once when the server starts: each wakes a screen. */
const AT_ONCE = 4;

/** Record a terminal of a guest that is always recorded. Never rejects: what fails is logged, and the terminal works all the same. */
export async function recordIfAlways(
  services: ConsoleServices,
  terminal: { session: string } | { guest: string },
): Promise<void> {
  try {
    const { key, described } = await describeTerminal(services, terminal);
    const { always, setBy } = services.recordings.policies.of(described.guestId);
    if (!always || services.desk.recordingOf(key)) return;
    const subject = { ...described, startedBy: setBy ?? 'root', isAlways: true, hasInput: false };
    await recordTerminal(services, key, subject);
  } catch (error) {
    const isGone = error instanceof AppError && ['busy', 'not_found'].includes(error.code);
    if (!isGone)
      services.platform.log.warn('a terminal cannot be recorded', { terminal, error: String(error) });
  }
}

async function recordAllOf(services: ConsoleServices, guestId: string): Promise<void> {
  // One that is deleted meanwhile has nothing to record.
  const guest = await services.guests.find(guestId).catch(() => null);
  if (!guest) return;
  if (guest.state !== 'running' && guest.state !== 'frozen') return;
  await recordIfAlways(services, { guest: guestId });
  for (const { id, exit } of await services.sessions.list(guestId))
    if (!exit) await recordIfAlways(services, { session: id });
}

/** Whether a guest is always recorded, or all are. Throws `not_found`. */
export async function viewPolicy(
  services: ConsoleServices,
  { guest }: z.output<typeof policyInput>,
): Promise<RecordingPolicy> {
  return services.recordings.policies.of(
    guest === undefined ? ALL_GUESTS : (await services.guests.find(guest)).id,
  );
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
  const policy = recordings.policies.set(id, always, actorName(actor));
  if (id !== ALL_GUESTS) guests.tellRecorded(id, always);
  const concerned = id === ALL_GUESTS ? guests.running() : [id];
  if (always) for (const one of concerned) await recordAllOf(services, one);
  const { recordings: all } = recordings.list(id === ALL_GUESTS ? undefined : id);
  for (const one of all)
    if (one.isAlways && one.endedAt === null && !recordings.policies.of(one.guestId).always)
      await recordings.finish(one.id, 'stopped', actorName(actor));
  return policy;
}

/** Never rejects: what cannot go on is closed, and plays as far as it goes. */
async function resumeRecording(services: ConsoleServices, view: RecordingView): Promise<void> {
  const { recordings, desk, platform } = services;
  try {
    const running = await recordings.resume(view.id);
    if (!running) return;
    const key = view.session === null ? { guestId: view.guestId } : { session: view.session };
    await desk
      .record(key, running, 'the server was restarted')
      .catch(() => recordings.finish(view.id, 'lost', null));
  } catch (error) {
    platform.log.warn('a recording cannot go on', { id: view.id, error: String(error) });
  }
}

/** Go on with the recordings of a server before this one, and begin those that are always wanted; from now on, too. */
export async function adoptRecordings(
  services: ConsoleServices,
  events: Pick<EventBus, 'on'>,
): Promise<() => void> {
  const { recordings } = services;
  const waiting = await recordings.adopt();
  for (const id of recordings.policies.guests()) services.guests.tellRecorded(id, true);
  const goOn = async () => {
    for (let view = waiting.shift(); view; view = waiting.shift()) await resumeRecording(services, view);
  };
  // Nobody waits for that to use the console: a terminal tells of it as soon as it is recorded again.
  for (let one = 0; one < AT_ONCE; one++) void goOn();
  const seen = new Map<string, number | null>();
  return events.on((event) => {
    if (event.type === 'guest.removed') {
      seen.delete(event.id);
      if (recordings.policies.guests().includes(event.id)) recordings.policies.set(event.id, false, 'root');
    }
    if (event.type !== 'guest.changed' || !recordings.policies.of(event.guest.id).always) return;
    const { id, initPid } = event.guest;
    // Once for each start of the guest.
    if (initPid === null || seen.get(id) === initPid) return;
    seen.set(id, initPid);
    void recordAllOf(services, id).catch(() => undefined);
  });
}
