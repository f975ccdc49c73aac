import { router, userProcedure } from '../trpc.ts';
import { readCgroup, writeCgroup } from './cgroup-files.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { decideMemory } from './decide-memory.ts';
import { deleteGuest } from './delete-guest.ts';
import { describeGuest } from './describe-guest.ts';
import {
  decideMemoryInput,
  readCgroupInput,
  signalProcessInput,
  waitGuestInput,
  writeCgroupInput,
} from './effects-schema.ts';
import { EventHistory } from './event-history.ts';
import { freezeGuest } from './freeze-guest.ts';
import { getGuest } from './get-guest.ts';
import { guestDefaults } from './guest-defaults.ts';
import { listGuests } from './list-guests.ts';
import { processesOf } from './list-processes.ts';
import { presets } from './presets.ts';
import { probeGuest, watchProbing } from './probe-guest.ts';
import { describeGuestInput } from './record-schema.ts';
import { renameGuest } from './rename-guest.ts';
import { restartGuest } from './restart-guest.ts';
import { keepChange, revertChange } from './revert-change.ts';
import {
  configureGuestInput,
  createGuestInput,
  deleteGuestInput,
  guestActionInput,
  guestRef,
  renameGuestInput,
  stopGuestInput,
  undoChangeInput,
} from './schema.ts';
import type { GuestServices } from './services.ts';
import { signalProcess } from './signal-process.ts';
import { startGuest } from './start-guest.ts';
import { stopGuest } from './stop-guest.ts';
import { undoChange } from './undo-change.ts';
import { unfreezeGuest } from './unfreeze-guest.ts';
import { waitForGuest } from './wait-for-guest.ts';
import { effectsOf } from './watch-effects.ts';

const forever = new AbortController().signal;

/** Procedures of guests: input, permission, verb. */
export function guestRouter(services: GuestServices) {
  const effects = effectsOf(services);
  const processes = processesOf(services);
  const history = new EventHistory(services.events);
  const idOf = (ref: string) => services.guests.get(ref).id;
  return router({
    list: userProcedure.query(() => listGuests(services)),
    get: userProcedure.input(guestRef).query(({ input }) => getGuest(services, input.guest)),
    defaults: userProcedure.query(() => guestDefaults(services)),
    create: userProcedure
      .input(createGuestInput)
      .mutation(({ ctx, input }) => createGuest(services, ctx.actor, input)),
    start: userProcedure
      .input(guestActionInput)
      .mutation(({ ctx, input }) => startGuest(services, ctx.actor, input)),
    stop: userProcedure
      .input(stopGuestInput)
      .mutation(({ ctx, input }) => stopGuest(services, ctx.actor, input)),
    restart: userProcedure
      .input(stopGuestInput)
      .mutation(({ ctx, input }) => restartGuest(services, ctx.actor, input)),
    freeze: userProcedure
      .input(guestActionInput)
      .mutation(({ ctx, input }) => freezeGuest(services, ctx.actor, input)),
    unfreeze: userProcedure
      .input(guestActionInput)
      .mutation(({ ctx, input }) => unfreezeGuest(services, ctx.actor, input)),
    rename: userProcedure
      .input(renameGuestInput)
      .mutation(({ ctx, input }) => renameGuest(services, ctx.actor, input)),
    describe: userProcedure
      .input(describeGuestInput)
      .mutation(({ ctx, input }) => describeGuest(services, ctx.actor, input)),
    configure: userProcedure
      .input(configureGuestInput)
      .mutation(({ ctx, input }) => configureGuest(services, ctx.actor, input)),
    keep: userProcedure
      .input(guestRef)
      .mutation(({ ctx, input }) => keepChange(services, ctx.actor, input.guest)),
    revert: userProcedure
      .input(guestRef)
      .mutation(({ ctx, input }) => revertChange(services, ctx.actor, input.guest)),
    undo: userProcedure
      .input(undoChangeInput)
      .mutation(({ ctx, input }) => undoChange(services, ctx.actor, input)),
    presets: userProcedure.query(() => presets(services)),
    effects: userProcedure
      .input(guestRef)
      .subscription(({ input, signal }) => effects.watch(idOf(input.guest), signal ?? forever)),
    processes: userProcedure
      .input(guestRef)
      .subscription(({ input, signal }) => processes.watch(idOf(input.guest), signal ?? forever)),
    signalProcess: userProcedure
      .input(signalProcessInput)
      .mutation(({ ctx, input }) => signalProcess(services, ctx.actor, input)),
    events: userProcedure.input(guestRef).query(({ input }) => history.of(idOf(input.guest))),
    wait: userProcedure
      .input(waitGuestInput)
      .query(({ input, signal }) => waitForGuest(services, input, signal ?? forever)),
    cgroup: userProcedure.input(readCgroupInput).query(({ input }) => readCgroup(services, input)),
    setCgroup: userProcedure
      .input(writeCgroupInput)
      .mutation(({ ctx, input }) => writeCgroup(services, ctx.actor, input)),
    decideMemory: userProcedure
      .input(decideMemoryInput)
      .mutation(({ ctx, input }) => decideMemory(services, ctx.actor, input)),
    probe: userProcedure
      .input(guestRef)
      .mutation(({ ctx, input }) => probeGuest(services, ctx.actor, input.guest)),
    probing: userProcedure
      .input(guestRef)
      .subscription(({ input, signal }) => watchProbing(services, input.guest, signal ?? forever)),
    delete: userProcedure
      .input(deleteGuestInput)
      .mutation(({ ctx, input }) => deleteGuest(services, ctx.actor, input)),
  });
}
