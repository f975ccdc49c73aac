import type { EventBus } from '../platform.ts';
import type { RecordingView } from '../recording/schema.ts';
import { applyPolicy } from './always-record.ts';
import type { ConsoleServices } from './services.ts';

/** Recordings that are taken up at once when the server starts: each wakes a screen. */
const AT_ONCE = 4;

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

/**
 * Go on with the recordings of a server before this one, and begin those that are always wanted; from now on, too: when a guest starts, when
 * it comes into another project, when its project says something else.
 */
export async function adoptRecordings(
  services: ConsoleServices,
  events: Pick<EventBus, 'on'>,
): Promise<() => void> {
  const { recordings, guests } = services;
  const waiting = await recordings.adopt();
  forgetGone(services);
  for (const id of recordings.policies.guests()) guests.tellRecorded(id, true);
  const follower = new PolicyFollower(services);
  const goOn = async () => {
    for (let view = waiting.shift(); view; view = waiting.shift()) await resumeRecording(services, view);
  };
  // Nobody waits for that to use the console: a terminal tells of it as soon as it is recorded again.
  void Promise.all(Array.from({ length: AT_ONCE }, goOn))
    // What was decided, and not done when the server before this one ended.
    .then(() => guests.running().map((id) => follower.apply(id)))
    .catch(() => undefined);
  return events.on((event) => {
    if (event.type === 'guest.removed') {
      follower.forget(event.id);
      forgetGone(services);
    } else if (event.type === 'trash.changed') forgetGone(services);
    else if (event.type === 'projects.changed') void follower.projectsChanged();
    else if (event.type === 'guest.changed') {
      const { id, initPid, project, elsewhere } = event.guest;
      if (initPid !== null && elsewhere === null) follower.see(id, `${initPid} ${project}`);
    }
  });
}

/** What was set for a guest goes with it: one in the trash may come back, and is recorded then as before. */
function forgetGone({ guests, recordings }: ConsoleServices): void {
  for (const id of recordings.policies.guests())
    if (!guests.isThere(id)) recordings.policies.set(id, false, 'root');
}

/** Applies the policies of guests, one change of each after the other. */
class PolicyFollower {
  readonly #services: ConsoleServices;
  /** By the guest's id: its start, and its project. */
  readonly #seen = new Map<string, string>();
  readonly #turns = new Map<string, Promise<void>>();

  constructor(services: ConsoleServices) {
    this.#services = services;
  }

  forget(id: string): void {
    this.#seen.delete(id);
    this.#turns.delete(id);
  }

  /** Once for each start, and for each project that it comes into. */
  see(id: string, now: string): void {
    if (this.#seen.get(id) === now) return;
    this.#seen.set(id, now);
    void this.apply(id);
  }

  /** Never rejects. */
  apply(id: string): Promise<void> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(() =>
      applyPolicy(this.#services, id).catch((error: unknown) => {
        this.#services.platform.log.warn('a guest is not recorded as it should be', {
          guest: id,
          error: String(error),
        });
      }),
    );
    this.#turns.set(id, turn);
    return turn;
  }

  /** Never rejects. */
  async projectsChanged(): Promise<void> {
    const { guests, recordings, platform } = this.#services;
    for (const id of guests.running()) void this.apply(id);
    for (const project of recordings.projects()) {
      const team = guests.recordingOf(project);
      if (!team) continue;
      await recordings.setLimitsOf(project, team).catch((error: unknown) => {
        platform.log.warn('limits of recordings are not kept', { project, error: String(error) });
      });
    }
  }
}
