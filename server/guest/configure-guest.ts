import { hostBounds } from '../host/host-bounds.ts';
import type { Actor } from '../platform.ts';
import { actionOf, type GuestAction, guestFor, runOnGuest } from './action.ts';
import { settle } from './bring-down.ts';
import { mergeLimits } from './limits.ts';
import type { GuestRecord } from './record.ts';
import type { GuestLimits } from './schema.ts';
import type { GuestServices } from './services.ts';

type Settings = Pick<GuestRecord, 'limits' | 'command' | 'stopTimeoutMs'>;

interface ConfigureInput {
  id: string;
  before: Settings;
  after: Settings;
}

export interface ConfigureResult extends GuestAction {
  /** What the kernel says that it applies now; null when the guest does not run. */
  readBack: GuestLimits | null;
}

/**
 * Change limits (a running guest has them at once), command and stop time (from the next start and stop on).
 * Throws `bad_input` on the limit's field; what the kernel refuses is undone.
 */
export async function configureGuest(
  services: GuestServices,
  actor: Actor,
  input: { guest: string; limits?: Partial<GuestLimits>; command?: string[]; stopTimeoutMs?: number },
): Promise<ConfigureResult> {
  const record = guestFor(services, 'configure', input.guest);
  const before: Settings = {
    limits: record.limits,
    command: record.command,
    stopTimeoutMs: record.stopTimeoutMs,
  };
  const image = await services.images.resolve(record.image);
  const command = input.command?.length === 0 ? [...image.command[record.kind]] : input.command;
  const after: Settings = {
    limits: mergeLimits(input.limits, before.limits, hostBounds()),
    command: command && command.length > 0 ? command : before.command,
    stopTimeoutMs: input.stopTimeoutMs ?? before.stopTimeoutMs,
  };
  const operation = await runOnGuest<ConfigureInput>(services, 'guest.configure', {
    record,
    actor,
    input: { id: record.id, before, after },
    wait: true,
  });
  const readBack = services.guests.readBack.get(operation.id) ?? null;
  services.guests.readBack.delete(operation.id);
  return { ...actionOf(services, record.id, operation), readBack };
}

export function defineConfigure(services: GuestServices): void {
  services.operations.define<ConfigureInput>({
    kind: 'guest.configure',
    onInterrupt: 'undo',
    steps: ({ id, before, after }) => [
      {
        name: 'configure',
        run: async (context) => {
          const readBack = await apply(services, id, after);
          if (readBack) services.guests.readBack.set(context.operationId, readBack);
        },
        undo: async () => {
          if (services.guests.find(id)) await apply(services, id, before);
        },
      },
    ],
    settled: async ({ id }) => settle(services, id),
  });
}

async function apply(services: GuestServices, id: string, settings: Settings): Promise<GuestLimits | null> {
  const { guests, runtime } = services;
  const { state } = guests.get(id);
  const readBack =
    state === 'running' || state === 'frozen' ? await runtime.setLimits(id, settings.limits) : null;
  await guests.update(id, settings);
  return readBack;
}
