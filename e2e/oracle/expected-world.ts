/** What a client knows of a guest by what it was told; null: nothing was said about it. */
export interface ExpectedGuest {
  state: string;
  memory: number | null;
  pids: number | null;
  /** A change that goes back by itself stands. */
  trial: boolean;
}

/** All that a client was told there is. */
export interface World {
  guests: Readonly<Record<string, ExpectedGuest>>;
  /** Those in the trash, by the name that they had: no two of a test have had the same. */
  trash: Readonly<Record<string, ExpectedGuest>>;
  volumes: readonly string[];
  /** Those that are built. */
  images: readonly string[];
  users: readonly string[];
}

/** A change as the client asks for it. */
export interface Call {
  procedure: string;
  input: CallInput;
}

export interface CallInput {
  guest?: string;
  /** What a guest in the trash was called, which the server knows by its id. */
  trashed?: string;
  name?: string;
  image?: string;
  volume?: string;
  username?: string;
  operation?: string;
  start?: boolean;
  wait?: boolean;
  force?: boolean;
  timeoutMs?: number;
  revertAfterSeconds?: number;
  limits?: object & { memory?: number; pids?: number; networkTransmit?: number | null };
  kind?: string;
  command?: string[];
  isolation?: object;
  init?: object;
  token?: string;
  password?: string;
}

export const EMPTY_WORLD: World = { guests: {}, trash: {}, volumes: [], images: [], users: [] };

const STATE_AFTER: Readonly<Record<string, string>> = {
  'guest.start': 'running',
  'guest.restart': 'running',
  'guest.unfreeze': 'running',
  'guest.freeze': 'frozen',
  'guest.stop': 'stopped',
};

/** The world after a call that succeeded. Pure. Throws on a call that this oracle does not know. */
export function worldAfter(world: World, { procedure, input }: Call): World {
  const { guest: ref = '', trashed = '', name = '', volume = '', image = '', username = '' } = input;
  const guest = world.guests[ref];
  const state = STATE_AFTER[procedure];
  if (state !== undefined) return withGuest(world, ref, { ...known(guest, ref), state });
  switch (procedure) {
    case 'guest.create':
      return withGuest(withImage(world, input), name, {
        state: input.start ? 'running' : 'stopped',
        memory: input.limits?.memory ?? null,
        pids: input.limits?.pids ?? null,
        trial: false,
      });
    case 'guest.configure':
      return withGuest(world, ref, {
        ...known(guest, ref),
        ...changed(input),
        trial: input.revertAfterSeconds !== undefined,
      });
    case 'guest.keep':
      return withGuest(world, ref, { ...known(guest, ref), trial: false });
    case 'guest.rename': {
      const { [ref]: moved, ...others } = world.guests;
      return { ...world, guests: { ...others, [name]: known(moved, ref) } };
    }
    case 'guest.delete': {
      const { [ref]: _gone, ...others } = world.guests;
      return { ...world, guests: others };
    }
    case 'guest.trash': {
      const { [ref]: gone, ...others } = world.guests;
      const before = known(gone, ref);
      const state = before.state === 'failed' ? 'failed' : 'stopped';
      return { ...world, guests: others, trash: { ...world.trash, [ref]: { ...before, state } } };
    }
    case 'trash.restore': {
      const { [trashed]: back, ...others } = world.trash;
      return withGuest({ ...world, trash: others }, trashed, known(back, trashed));
    }
    case 'trash.delete': {
      const { [trashed]: _gone, ...others } = world.trash;
      return { ...world, trash: others };
    }
    case 'volume.create':
      return { ...world, volumes: sorted([...world.volumes, volume]) };
    case 'volume.delete':
      return { ...world, volumes: world.volumes.filter((one) => one !== volume) };
    case 'image.build':
      return withImage(world, input);
    case 'image.delete':
      return { ...world, images: world.images.filter((one) => one !== image) };
    case 'setup.createAdmin':
      return { ...world, users: sorted([...world.users, username]) };
    default:
      throw new Error(`the oracle does not know what ${procedure} does`);
  }
}

/** What may be when a call has failed: nothing has changed, but a guest may rest where it ran, and an image may be built. Pure. */
export function worldsAfterFailure(world: World, { procedure, input }: Call): World[] {
  if (procedure === 'guest.create' || procedure === 'image.build') return [world, withImage(world, input)];
  const inTrash = world.trash[input.trashed ?? ''];
  if (procedure === 'trash.delete' && inTrash) {
    // Before the first file went, or after it.
    const others = ['failed', 'deleting'].map((state) => ({
      ...world,
      trash: { ...world.trash, [input.trashed ?? '']: { ...inTrash, state } },
    }));
    return [world, ...others];
  }
  const guest = world.guests[input.guest ?? ''];
  const ends = ['guest.start', 'guest.restart', 'guest.stop', 'guest.trash', 'guest.delete'].includes(
    procedure,
  );
  if (!guest || !ends) return [world];
  const others = ['failed', 'stopped'].map((state) =>
    withGuest(world, input.guest ?? '', { ...guest, state }),
  );
  return [world, ...others];
}

/** What differs, a line each; `null` in what is expected fits anything. Pure. */
export function differences(expected: World, seen: World): string[] {
  const lists = (['volumes', 'images', 'users'] as const).flatMap((kind) =>
    namesApart(kind.slice(0, -1), expected[kind], seen[kind]),
  );
  return [
    ...lists,
    ...guestsApart('guest', expected.guests, seen.guests),
    ...guestsApart('guest in the trash', expected.trash, seen.trash),
  ];
}

function guestsApart(kind: string, expected: World['guests'], seen: World['guests']): string[] {
  const settings = Object.entries(expected).flatMap(([name, told]) => {
    const is = seen[name];
    return (['state', 'memory', 'pids', 'trial'] as const)
      .filter((key) => is && told[key] !== null && told[key] !== is[key])
      .map((key) => `${kind} ${name}: ${key} ${told[key]} was acknowledged, it is ${is?.[key]}`);
  });
  return [...namesApart(kind, Object.keys(expected), Object.keys(seen)), ...settings];
}

function namesApart(kind: string, expected: readonly string[], seen: readonly string[]): string[] {
  return [
    ...expected
      .filter((one) => !seen.includes(one))
      .map((one) => `${kind} ${one} was acknowledged and is not there`),
    ...seen
      .filter((one) => !expected.includes(one))
      .map((one) => `${kind} ${one} is there and nobody was told of it`),
  ];
}

function changed({ limits }: CallInput): Partial<ExpectedGuest> {
  const { memory, pids } = limits ?? {};
  return { ...(memory === undefined ? {} : { memory }), ...(pids === undefined ? {} : { pids }) };
}

function withImage(world: World, { image = 'berth/mini' }: CallInput): World {
  return { ...world, images: sorted([...world.images, image]) };
}

function withGuest(world: World, name: string, guest: ExpectedGuest): World {
  return { ...world, guests: { ...world.guests, [name]: guest } };
}

function known(guest: ExpectedGuest | undefined, name: string): ExpectedGuest {
  if (!guest) throw new Error(`the oracle was never told of guest ${name}`);
  return guest;
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
