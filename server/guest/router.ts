import { reachOf } from '../access/may.ts';
import { trashGuest } from '../trash/trash-guest.ts';
import { allowed, router } from '../trpc.ts';
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
import { importChange } from './import-guest.ts';
import { importChangeInput, planImportInput } from './import-schema.ts';
import { listGuests } from './list-guests.ts';
import { processesOf } from './list-processes.ts';
import { moveGuest } from './move-guest.ts';
import { networkMap } from './network-map.ts';
import { networkMapInput } from './network-map-schema.ts';
import { planImport } from './plan-import.ts';
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
  moveGuestInput,
  renameGuestInput,
  stopGuestInput,
  trashGuestInput,
  undoChangeInput,
} from './schema.ts';
import { guestValues, searchGuests } from './search-guests.ts';
import { guestValuesInput, searchGuestsInput } from './search-schema.ts';
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
    list: allowed('guest.view', 'any').query(({ ctx }) =>
      listGuests(services, reachOf(ctx.rights, 'guest.view')),
    ),
    search: allowed('guest.view', 'any')
      .input(searchGuestsInput)
      .query(({ ctx, input }) =>
        searchGuests(services, ctx.actor, input, reachOf(ctx.rights, 'guest.view', input.may)),
      ),
    values: allowed('guest.view', 'any')
      .input(guestValuesInput)
      .query(({ ctx, input }) => guestValues(services, input, reachOf(ctx.rights, 'guest.view'))),
    get: allowed('guest.view', 'guest')
      .input(guestRef)
      .query(({ input }) => getGuest(services, input.guest)),
    defaults: allowed('guest.view', 'any').query(({ ctx }) => guestDefaults(services, ctx.rights)),
    create: allowed('guest.create', 'project')
      .input(createGuestInput)
      .mutation(({ ctx, input }) => createGuest(services, ctx.actor, input)),
    start: allowed('guest.run', 'guest')
      .input(guestActionInput)
      .mutation(({ ctx, input }) => startGuest(services, ctx.actor, input)),
    stop: allowed('guest.run', 'guest')
      .input(stopGuestInput)
      .mutation(({ ctx, input }) => stopGuest(services, ctx.actor, input)),
    restart: allowed('guest.run', 'guest')
      .input(stopGuestInput)
      .mutation(({ ctx, input }) => restartGuest(services, ctx.actor, input)),
    freeze: allowed('guest.run', 'guest')
      .input(guestActionInput)
      .mutation(({ ctx, input }) => freezeGuest(services, ctx.actor, input)),
    unfreeze: allowed('guest.run', 'guest')
      .input(guestActionInput)
      .mutation(({ ctx, input }) => unfreezeGuest(services, ctx.actor, input)),
    rename: allowed('guest.configure', 'guest')
      .input(renameGuestInput)
      .mutation(({ ctx, input }) => renameGuest(services, ctx.actor, input)),
    move: allowed('guest.configure', 'guest')
      .input(moveGuestInput)
      .mutation(({ ctx, input }) => moveGuest(services, ctx, input)),
    describe: allowed('guest.configure', 'guest')
      .input(describeGuestInput)
      .mutation(({ ctx, input }) => describeGuest(services, ctx.actor, input)),
    planImport: allowed('guest.view', 'any')
      .input(planImportInput)
      .mutation(({ ctx, input }) => planImport(services, ctx, input.rows)),
    importChange: allowed('guest.configure', 'guest')
      .input(importChangeInput)
      .mutation(({ ctx, input }) => importChange(services, ctx, input)),
    configure: allowed('guest.configure', 'guest')
      .input(configureGuestInput)
      .mutation(({ ctx, input }) => configureGuest(services, ctx.actor, input)),
    keep: allowed('guest.configure', 'guest')
      .input(guestRef)
      .mutation(({ ctx, input }) => keepChange(services, ctx.actor, input.guest)),
    revert: allowed('guest.configure', 'guest')
      .input(guestRef)
      .mutation(({ ctx, input }) => revertChange(services, ctx.actor, input.guest)),
    undo: allowed('guest.configure', 'change')
      .input(undoChangeInput)
      .mutation(({ ctx, input }) => undoChange(services, ctx.actor, input)),
    network: allowed('guest.view', 'any')
      .input(networkMapInput)
      .query(({ ctx, input }) => networkMap(services, ctx.rights, input)),
    presets: allowed('guest.view', 'any').query(() => presets(services)),
    effects: allowed('guest.view', 'guest')
      .input(guestRef)
      .subscription(({ input, signal }) => effects.watch(idOf(input.guest), signal ?? forever)),
    processes: allowed('guest.view', 'guest')
      .input(guestRef)
      .subscription(({ input, signal }) => processes.watch(idOf(input.guest), signal ?? forever)),
    signalProcess: allowed('guest.run', 'guest')
      .input(signalProcessInput)
      .mutation(({ ctx, input }) => signalProcess(services, ctx.actor, input)),
    events: allowed('guest.view', 'guest')
      .input(guestRef)
      .query(({ input }) => history.of(idOf(input.guest))),
    wait: allowed('guest.view', 'guest')
      .input(waitGuestInput)
      .query(({ input, signal }) => waitForGuest(services, input, signal ?? forever)),
    cgroup: allowed('guest.view', 'guest')
      .input(readCgroupInput)
      .query(({ input }) => readCgroup(services, input)),
    setCgroup: allowed('guest.configure', 'guest')
      .input(writeCgroupInput)
      .mutation(({ ctx, input }) => writeCgroup(services, ctx.actor, input)),
    decideMemory: allowed('guest.configure', 'guest')
      .input(decideMemoryInput)
      .mutation(({ ctx, input }) => decideMemory(services, ctx.actor, input)),
    probe: allowed('console.use', 'guest')
      .input(guestRef)
      .mutation(({ ctx, input }) => probeGuest(services, ctx.actor, input.guest)),
    probing: allowed('guest.view', 'guest')
      .input(guestRef)
      .subscription(({ input, signal }) => watchProbing(services, input.guest, signal ?? forever)),
    trash: allowed('guest.delete', 'guest')
      .input(trashGuestInput)
      .mutation(({ ctx, input }) => trashGuest(services, ctx.actor, input)),
    delete: allowed('guest.delete', 'guest')
      .input(deleteGuestInput)
      .mutation(({ ctx, input }) => deleteGuest(services, ctx.actor, input)),
  });
}
