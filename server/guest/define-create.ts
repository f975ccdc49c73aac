import type { StepDefinition } from '../platform.ts';
import { settle, takeDown } from './bring-down.ts';
import { bringUp } from './bring-up.ts';
import type { CreateInput } from './create-guest.ts';
import { forgetGuest } from './forget-guest.ts';
import type { GuestServices } from './services.ts';
import { publishGuest } from './view.ts';

/** A create that failed, was cancelled or was interrupted leaves nothing: no row, no files, no id range, no lease. */
export function defineCreate(services: GuestServices): void {
  services.operations.define<CreateInput>({
    kind: 'guest.create',
    onInterrupt: 'undo',
    cancellable: true,
    steps: ({ id, build, start }) => [
      filesStep(services, id),
      ...(build ? [imageStep(services, id)] : []),
      start ? startStep(services, id) : recordStep(services, id),
    ],
    settled: async ({ id }) => settle(services, id),
  });
}

function filesStep(services: GuestServices, id: string): StepDefinition {
  return {
    name: 'files',
    run: async () => {
      publishGuest(services, id);
      await services.runtime.createGuestDir(id);
    },
    undo: async () => {
      await services.runtime.removeGuestDir(id);
      await forgetGuest(services, id);
    },
  };
}

function imageStep(services: GuestServices, id: string): StepDefinition {
  return {
    name: 'image',
    run: async (context) => {
      const { image } = services.guests.get(id);
      const { build } = await services.images.ensureReady(image, context);
      await services.guests.update(id, { imageBuild: build });
    },
  };
}

function startStep(services: GuestServices, id: string): StepDefinition {
  return {
    name: 'start',
    run: (context) => bringUp(services, id, context),
    undo: () => takeDown(services, id),
  };
}

function recordStep(services: GuestServices, id: string): StepDefinition {
  return {
    name: 'record',
    run: async () => {
      await services.guests.update(id, { state: 'stopped' });
    },
  };
}
