import type { TrashList } from '../../server/trash/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';

/** A change that a fault comes in the middle of. */
export interface Scenario {
  name: string;
  /** Bring about what it needs. Throws when that fails. */
  prepare(client: AcknowledgingClient, guest: string): Promise<void>;
  act(client: AcknowledgingClient, guest: string): Promise<unknown>;
}

const MiB = 1024 * 1024;
const LIMITS = { memory: 64 * MiB, pids: 64 };
const MORE = { memory: 96 * MiB, pids: 96 };

/** Ask, and throw unless it was done. */
async function must(
  client: AcknowledgingClient,
  ...[procedure, input]: Parameters<AcknowledgingClient['change']>
): Promise<{ operation?: { id: string } }> {
  const outcome = await client.change<{ operation?: { id: string } }>(procedure, input);
  if (outcome.kind === 'acknowledged') return outcome.answer ?? {};
  throw new Error(`${procedure} ${JSON.stringify(input)}: ${JSON.stringify(outcome)}`);
}

async function stopped(client: AcknowledgingClient, guest: string): Promise<void> {
  await must(client, 'guest.create', { name: guest, limits: LIMITS, wait: true });
}

async function running(client: AcknowledgingClient, guest: string): Promise<void> {
  await must(client, 'guest.create', { name: guest, limits: LIMITS, start: true, wait: true });
}

async function frozen(client: AcknowledgingClient, guest: string): Promise<void> {
  await running(client, guest);
  await must(client, 'guest.freeze', { guest, wait: true });
}

async function trashed(client: AcknowledgingClient, guest: string): Promise<void> {
  await stopped(client, guest);
  await must(client, 'guest.trash', { guest, wait: true });
  inTrash.set(guest, await idInTrash(client, guest));
}

async function idInTrash(client: AcknowledgingClient, guest: string): Promise<string> {
  const { guests } = await client.query<TrashList>('trash.list');
  const found = guests.find(({ name }) => name === guest);
  if (!found) throw new Error(`there is no ${guest} in the trash`);
  return found.id;
}

const nothing = async () => undefined;
const noImage = async (client: AcknowledgingClient) => {
  if (client.told.world.images.length > 0)
    await must(client, 'image.delete', { image: 'berth/mini', wait: true });
};
const image = async (client: AcknowledgingClient) => {
  if (client.told.world.images.length === 0)
    await must(client, 'image.build', { image: 'berth/mini', wait: true });
};

/** Ids of guests in the trash, by name. */
const inTrash = new Map<string, string>();
/** The operation of the change that `undo` is for, by guest. */
const changes = new Map<string, string>();

/** Every operation in each of its ways, and the changes that have none. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'create',
    prepare: image,
    act: (client, guest) => client.change('guest.create', { name: guest, limits: LIMITS, wait: true }),
  },
  {
    name: 'create and start, with the image',
    prepare: noImage,
    act: (client, guest) =>
      client.change('guest.create', { name: guest, limits: LIMITS, start: true, wait: true }),
  },
  {
    name: 'start',
    prepare: stopped,
    act: (client, guest) => client.change('guest.start', { guest, wait: true }),
  },
  {
    name: 'start, not waited for',
    prepare: stopped,
    act: (client, guest) => client.change('guest.start', { guest }),
  },
  {
    name: 'stop',
    prepare: running,
    act: (client, guest) => client.change('guest.stop', { guest, wait: true, timeoutMs: 5000 }),
  },
  {
    name: 'restart',
    prepare: running,
    act: (client, guest) => client.change('guest.restart', { guest, wait: true, force: true }),
  },
  {
    name: 'freeze',
    prepare: running,
    act: (client, guest) => client.change('guest.freeze', { guest, wait: true }),
  },
  {
    name: 'unfreeze',
    prepare: frozen,
    act: (client, guest) => client.change('guest.unfreeze', { guest, wait: true }),
  },
  {
    name: 'configure',
    prepare: running,
    act: (client, guest) => client.change('guest.configure', { guest, limits: MORE }),
  },
  {
    name: 'configure on trial',
    prepare: running,
    act: (client, guest) =>
      client.change('guest.configure', { guest, limits: MORE, revertAfterSeconds: 3600 }),
  },
  {
    name: 'keep',
    prepare: async (client, guest) => {
      await stopped(client, guest);
      await must(client, 'guest.configure', { guest, limits: MORE, revertAfterSeconds: 3600 });
    },
    act: (client, guest) => client.change('guest.keep', { guest }),
  },
  {
    name: 'undo',
    prepare: async (client, guest) => {
      await running(client, guest);
      const { operation } = await must(client, 'guest.configure', { guest, limits: MORE });
      changes.set(guest, operation?.id ?? '');
    },
    act: (client, guest) => client.change('guest.undo', { guest, operation: changes.get(guest) }),
  },
  {
    name: 'rename',
    prepare: running,
    act: (client, guest) => client.change('guest.rename', { guest, name: `${guest}-new` }),
  },
  {
    name: 'delete',
    prepare: stopped,
    act: (client, guest) => client.change('guest.delete', { guest, wait: true }),
  },
  {
    name: 'delete while it runs',
    prepare: running,
    act: (client, guest) => client.change('guest.delete', { guest, force: true, wait: true }),
  },
  {
    name: 'into the trash while it runs',
    prepare: running,
    act: (client, guest) => client.change('guest.trash', { guest, force: true, wait: true }),
  },
  {
    name: 'out of the trash',
    prepare: trashed,
    act: (client, guest) =>
      client.change('trash.restore', { guest: inTrash.get(guest), trashed: guest, wait: true }),
  },
  {
    name: 'delete in the trash',
    prepare: trashed,
    act: (client, guest) =>
      client.change('trash.delete', { guest: inTrash.get(guest), trashed: guest, wait: true }),
  },
  {
    name: 'image build',
    prepare: nothing,
    act: (client) => client.change('image.build', { image: 'berth/mini', wait: true }),
  },
  {
    name: 'image delete',
    prepare: image,
    act: (client) => client.change('image.delete', { image: 'berth/mini', wait: true }),
  },
  {
    name: 'volume create',
    prepare: nothing,
    act: (client, guest) => client.change('volume.create', { volume: guest }),
  },
  {
    name: 'volume delete',
    prepare: async (client, guest) => {
      await must(client, 'volume.create', { volume: guest });
    },
    act: (client, guest) => client.change('volume.delete', { volume: guest }),
  },
];

/** Take away all that a cycle has left, but the image. Throws when that fails. */
export async function tidy(client: AcknowledgingClient): Promise<void> {
  const { guests, trash, volumes } = client.told.world;
  for (const guest of Object.keys(guests))
    await must(client, 'guest.delete', { guest, force: true, wait: true });
  for (const trashed of Object.keys(trash))
    await must(client, 'trash.delete', { guest: await idInTrash(client, trashed), trashed, wait: true });
  for (const volume of volumes) await must(client, 'volume.delete', { volume });
}
