import { AppError } from '../errors/app-error.ts';
import { hostBounds } from '../host/host-bounds.ts';
import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { ProjectRecord } from '../project/project-book.ts';
import { DEFAULT_PROJECT } from '../project/schema.ts';
import { actionOf, type GuestAction, runOnGuest } from './action.ts';
import { assertSpace, GUEST_NEEDS_BYTES } from './assert-space.ts';
import { expiryChange, fieldsOf } from './change-fields.ts';
import { checkSettings } from './check-settings.ts';
import { requireUser } from './describe-guest.ts';
import { requireDisk } from './disk-use.ts';
import { defaultImage } from './guest-defaults.ts';
import { assertNameFree, freeName } from './guest-name.ts';
import { foreignIds, freeIdRange, guestMac, newGuestId } from './guest-numbers.ts';
import { DEFAULT_INIT } from './init-schema.ts';
import { DEFAULT_ISOLATION } from './isolation-schema.ts';
import { defaultLimits } from './limits.ts';
import { ownRange } from './own-range.ts';
import { isPrivileged, privilegedSettings, requirePrivilege } from './privileges.ts';
import { claimRoom, overQuota } from './quota.ts';
import type { GuestRecord } from './record.ts';
import { type GuestWords, NO_WORDS } from './record-schema.ts';
import { requireExpiring } from './require-expiring.ts';
import { requireTaggable } from './require-taggable.ts';
import { NO_RESTARTS } from './restart-policy.ts';
import type { CreateGuestInput, GuestKind } from './schema.ts';
import type { GuestImage, GuestServices } from './services.ts';
import { patched, type Settings, type SettingsPatch } from './settings.ts';
import { promiseEverywhere } from './take-room.ts';
import { requireVolumeRight } from './volume-right.ts';

/** What the operation needs to know, also after a crash. */
export interface CreateInput {
  id: string;
  /** The image is not built yet: building it is a step. */
  build: boolean;
  start: boolean;
}

/**
 * Make a guest, and start it if asked. Everything that can be wrong is checked before anything is made: throws
 * `bad_input` (image, command, limits), `name_taken`, `no_space`, `over_quota`, each with its field. A failure later undoes it all.
 */
export async function createGuest(
  services: GuestServices,
  actor: Actor,
  input: CreateGuestInput,
): Promise<GuestAction> {
  const { guests, instance } = services;
  const { image, kind, project, settings, words, judge } = await judgeNewGuest(services, actor, input);
  await assertSpace(instance.dataDir, GUEST_NEEDS_BYTES);
  await requireDisk(services, project);
  // From here to the insert in one turn: the numbers that are judged are those that it gets.
  const numbers = freeNumbers(services);
  judge(numbers);
  const record: GuestRecord = {
    ...numbers,
    installation: services.hosts.own,
    ...settings,
    project,
    kind,
    name: input.name ?? freeName((name) => guests.nameTaken(name)),
    image: image.name,
    imageBuild: image.build ?? '',
    wanted: 'stopped',
    state: 'creating',
    problem: null,
    run: null,
    started: null,
    revert: null,
    exit: null,
    restart: NO_RESTARTS,
    createdAt: new Date().toISOString(),
    createdBy: actorName(actor),
    ...words,
    owner: input.owner === undefined ? actorName(actor) : input.owner,
    version: 0,
    edits: {},
    expiryDone: null,
    trash: null,
  };
  const claim = { project, guest: record, limits: settings.limits };
  const room = claimRoom(services, claim);
  if (!('release' in room)) throw await overQuota(services, room);
  let giveBack: () => void = () => undefined;
  try {
    await guests.insert(record, async () => {
      giveBack = await promiseEverywhere(services, claim);
    });
  } finally {
    room.release();
    giveBack();
  }
  const operation = await runOnGuest<CreateInput>(services, 'guest.create', {
    record,
    actor,
    input: { id: record.id, build: image.build === null, start: input.start ?? false },
    wait: input.wait ?? false,
    notJournaled: () => guests.remove(record.id),
  });
  return actionOf(services, record.id, operation);
}

/** A guest as it will be: all but the numbers that it gets. */
interface NewGuest {
  image: GuestImage;
  kind: GuestKind;
  project: string;
  settings: Settings;
  words: Omit<GuestWords, 'owner'>;
  /** Throws `forbidden` for what takes a privilege, with these numbers. */
  judge: (numbers: Pick<GuestRecord, 'idRange'>) => void;
}

/** All that is asked of a guest before it is made, but for room. Throws as `createGuest`. Nothing is made. */
export async function judgeNewGuest(
  services: GuestServices,
  actor: Actor,
  input: CreateGuestInput,
  numbers: Pick<GuestRecord, 'idRange'> = freeNumbers(services),
): Promise<NewGuest> {
  const { images, projects } = services;
  const { name: project } = projects.get(input.project ?? DEFAULT_PROJECT);
  if (input.name !== undefined) assertNameFree(services, input.name);
  const image = await images.resolve(input.image ?? defaultImage(services));
  const kind = input.kind ?? image.kind;
  const bounds = hostBounds();
  const { limits, isolation, init } = input;
  const patch: SettingsPatch = { limits, isolation, init };
  const defaults: Settings = {
    limits: defaultLimits(kind, bounds),
    isolation: DEFAULT_ISOLATION,
    init: DEFAULT_INIT,
    command: commandOf(input.command, image, kind),
    stopTimeoutMs: input.stopTimeoutMs ?? image.stopTimeoutMs,
  };
  const settings = patched(defaults, patch);
  if (input.owner != null) await requireUser(services, input.owner);
  const words = wordsOf(projects.get(project), input);
  await requireTaggable(services, actor, { tags: words.tags, where: { project }, field: 'tags' });
  await requireExpiring(services, actor, { ...words, where: { project } });
  const privileged = await isPrivileged(services, actor);
  const judge: NewGuest['judge'] = (own) =>
    requirePrivilege({ actor, privileged }, privilegedSettings(null, settings, ownRange(services, own)));
  // First of all: who may not have it does not learn either what of the host there is.
  judge(numbers);
  await requireVolumeRight(services, actor, null, settings);
  await checkSettings(services, { name: input.name ?? null, kind, patch, settings });
  return { image, kind, project, settings, words, judge };
}

/** What is written about a new guest. Throws `bad_input` on `fields` and `expires`. */
function wordsOf(project: ProjectRecord, input: CreateGuestInput): Omit<GuestWords, 'owner'> {
  const { tags, notes = '', contact = '', links = [], fields = {} } = input;
  const byUrl = new Map(links.map((link) => [link.url, link]));
  return {
    ...NO_WORDS,
    ...{ tags: [...new Set(tags)].sort(), notes, contact, links: [...byUrl.values()] },
    ...expiryChange(NO_WORDS, input, Date.now()),
    fields: fieldsOf(project, fields, 'fields'),
  };
}

/** argv of init: what was asked, else the image's own for the kind. Throws `bad_input` on field `command`. */
function commandOf(asked: readonly string[] | undefined, image: GuestImage, kind: GuestKind): string[] {
  const command = asked && asked.length > 0 ? asked : image.command[kind];
  if (command.length > 0) return [...command];
  throw new AppError(
    'bad_input',
    `image ${image.name} has no command of its own for ${kind} guests: give the command to run`,
    { field: ['command'] },
  );
}

/** Id, id range, lease and MAC that nobody else has; taken by the insert that follows in the same turn. */
export function freeNumbers(services: GuestServices): Pick<GuestRecord, 'id' | 'idRange' | 'lease' | 'mac'> {
  const { guests, instance, network } = services;
  const all = guests.everyone();
  const id = newGuestId();
  return {
    id,
    idRange: freeIdRange(instance, new Set(all.map((one) => one.idRange)), foreignIds()),
    lease: network.allocateLease(new Set(all.flatMap((one) => (one.lease === null ? [] : [one.lease])))),
    mac: guestMac(instance.id, id, new Set(all.flatMap((one) => (one.mac === null ? [] : [one.mac])))),
  };
}
