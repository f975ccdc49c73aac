import { router, userProcedure } from '../trpc.ts';
import { configureGuest } from './configure-guest.ts';
import { createGuest } from './create-guest.ts';
import { deleteGuest } from './delete-guest.ts';
import { freezeGuest } from './freeze-guest.ts';
import { getGuest } from './get-guest.ts';
import { guestDefaults } from './guest-defaults.ts';
import { listGuests } from './list-guests.ts';
import { renameGuest } from './rename-guest.ts';
import { restartGuest } from './restart-guest.ts';
import {
  configureGuestInput,
  createGuestInput,
  deleteGuestInput,
  guestActionInput,
  guestRef,
  renameGuestInput,
  stopGuestInput,
} from './schema.ts';
import type { GuestServices } from './services.ts';
import { startGuest } from './start-guest.ts';
import { stopGuest } from './stop-guest.ts';
import { unfreezeGuest } from './unfreeze-guest.ts';

/** Procedures of guests: input, permission, verb. */
export function guestRouter(services: GuestServices) {
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
    configure: userProcedure
      .input(configureGuestInput)
      .mutation(({ ctx, input }) => configureGuest(services, ctx.actor, input)),
    delete: userProcedure
      .input(deleteGuestInput)
      .mutation(({ ctx, input }) => deleteGuest(services, ctx.actor, input)),
  });
}
