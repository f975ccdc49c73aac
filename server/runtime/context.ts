import { join } from 'node:path';
import type { Instance } from '../instance/instance.ts';
import { endRun } from './end-run.ts';
import { type GuestPaths, guestPaths } from './guest-paths.ts';
import type { Kernel } from './kernel.ts';
import { inKernel } from './kernel-error.ts';
import { KernelEvents } from './kernel-events.ts';
import { LimitWatch } from './limit-watch.ts';
import { LinkPriorities } from './link-priorities.ts';
import { runPoststop } from './poststop.ts';
import { readLink, readState } from './run-folder.ts';
import { RunningGuests } from './running-guests.ts';
import { Sessions } from './sessions.ts';

export interface RuntimeOptions {
  instance: Instance;
  kernel: Kernel;
  /** Where `supervisor`, `enter` and `seccomp/` are. */
  nativeDir: string;
  onFault: (guest: string, error: unknown) => void;
}

/** What all parts of the runtime work with. */
export interface RuntimeContext extends RuntimeOptions {
  running: RunningGuests;
  sessions: Sessions;
  priorities: LinkPriorities;
  watch: LimitWatch;
  events: KernelEvents;
  paths(id: string): GuestPaths;
}

export function createContext(options: RuntimeOptions): RuntimeContext {
  const { instance, kernel, nativeDir, onFault } = options;
  const paths = (id: string) => guestPaths(instance, id);
  const runDirOf = (id: string) => paths(id).runDir;
  const events = new KernelEvents();
  const onEvent = events.tell.bind(events);
  const watch = new LimitWatch({ parent: `${instance.cgroup}/guests`, onEvent });
  const running = new RunningGuests({
    runDirOf,
    isFrozen: (id) => kernel.isFrozen(paths(id).cgroup),
    clean: (id) => removeLeavings({ kernel, onFault, paths }, id),
    onEvent,
    onAdd: (id, how) => watch.add(id, how),
    onRemove: (id) => watch.remove(id),
    onFault,
  });
  running.onExit(({ id }) => {
    kernel.forgetUsage(paths(id).cgroup).catch((error: unknown) => onFault(id, error));
  });
  const folder = join(instance.runDir, 'sessions');
  const sessions = new Sessions({ program: join(nativeDir, 'enter'), folder, runDirOf });
  const priorities = new LinkPriorities(instance, kernel);
  return { ...options, running, sessions, priorities, watch, events, paths };
}

/** What a guest has in the kernel; its run folder stays. */
export async function removeLeavings(
  { kernel, onFault, paths }: Pick<RuntimeContext, 'kernel' | 'onFault' | 'paths'>,
  id: string,
): Promise<void> {
  const { cgroup, runDir } = paths(id);
  const link = await readLink(runDir);
  // By its pids first: who has moved its processes out of the group has not ended them.
  const state = await readState(runDir, id);
  if (state) await endRun(runDir, state);
  await inKernel(`cannot clean up after guest ${id}`, async () => {
    await kernel.removeGroup(cgroup);
    // The end of its network namespace takes it along, a moment later.
    if (link) await kernel.deleteLink(link);
  });
  await runPoststop(runDir, (error) => onFault(id, error));
}
