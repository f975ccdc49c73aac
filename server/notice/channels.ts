import { auditWithChange } from '../audit/current-call.ts';
import type { Prisma } from '../db/generated/client.ts';
import { newId } from '../db/new-id.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import { timeOf } from './quiet-hours.ts';
import {
  type ChangeChannelInput,
  type ChannelTo,
  type ChannelView,
  type CreateChannelInput,
  MOST_CHANNELS,
  minutesOf,
  NOTICE_KIND_NAMES,
  type QuietHours,
} from './schema.ts';
import type { NoticeServices } from './services.ts';

const WITH = { _count: { select: { deliveries: true } } } as const;
type Row = Prisma.NoticeChannelGetPayload<{ include: typeof WITH }>;

/** A channel as people see it. Pure. */
export function channelView(row: Row): ChannelView {
  const hasSecret = row.secret !== null;
  return {
    id: row.id,
    name: row.name,
    to:
      row.kind === 'webhook'
        ? { kind: 'webhook', url: row.url, hasSecret }
        : {
            ...{ kind: 'mail', url: row.url, username: row.username, hasSecret },
            ...{ sender: row.sender ?? '', receivers: row.receivers },
          },
    kinds: NOTICE_KIND_NAMES.filter((kind) => row.kinds.includes(kind)),
    project: row.project,
    quiet:
      row.quietFrom === null || row.quietTo === null
        ? null
        : { from: timeOf(row.quietFrom), to: timeOf(row.quietTo), timeZone: row.timeZone },
    isOn: row.isOn,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    problem: row.problem,
    waiting: row._count.deliveries,
  };
}

/** All channels by name, without their secrets. */
export async function listChannels({ db }: NoticeServices): Promise<ChannelView[]> {
  const rows = await db.noticeChannel.findMany({ include: WITH, orderBy: { name: 'asc' } });
  return rows.map(channelView);
}

/** Throws `not_found` on field `channel`; by id or name. */
export async function findChannel(
  db: Pick<NoticeServices['db'], 'noticeChannel'>,
  ref: string,
): Promise<Row> {
  const row = await db.noticeChannel.findFirst({
    where: { OR: [{ id: ref }, { name: ref }] },
    include: WITH,
  });
  if (row) return row;
  throw new AppError('not_found', `there is no channel ${JSON.stringify(ref)}: see berth notice channels`, {
    field: ['channel'],
  });
}

/** Throws `name_taken`, `not_found` for the project, `too_many`. */
export async function createChannel(
  services: NoticeServices,
  actor: Actor,
  input: CreateChannelInput,
): Promise<ChannelView> {
  const { db, events } = services;
  const { name, to, kinds, project, quiet, isOn } = input;
  if (project !== null) services.project(project);
  const createdBy = actor.kind === 'user' ? actor.username : actor.kind;
  const row = await db.$transaction(async (tx) => {
    await refuseTaken(tx, name);
    const others = await tx.noticeChannel.count();
    if (others >= MOST_CHANNELS)
      throw new AppError('too_many', `there are ${others} channels: delete one that nobody needs`);
    const made = await tx.noticeChannel.create({
      data: { id: newId(), name, createdBy, kinds, project, isOn, ...toColumns(to), ...quietColumns(quiet) },
      include: WITH,
    });
    await auditWithChange(tx);
    return made;
  });
  events.publish({ type: 'notices.changed' });
  return channelView(row);
}

/** What is left out stays. Throws `not_found`, `name_taken`. */
export async function changeChannel(
  services: NoticeServices,
  input: ChangeChannelInput,
): Promise<ChannelView> {
  const { db, events } = services;
  const { channel, name, to, kinds, project, quiet, isOn } = input;
  if (project) services.project(project);
  const row = await db.$transaction(async (tx) => {
    const before = await findChannel(tx, channel);
    if (to && to.url !== before.url && before.secret !== null && to.secret === undefined)
      throw new AppError(
        'bad_input',
        'its secret is not sent to another address: give it again, or make a new channel',
        { field: ['to', 'secret'] },
      );
    if (name !== undefined && name !== before.name) await refuseTaken(tx, name);
    const changed = await tx.noticeChannel.update({
      where: { id: before.id },
      data: {
        ...{ name, kinds, project, isOn },
        ...(to && toColumns(to, before.kind === to.kind && before.url === to.url)),
        ...(quiet !== undefined && quietColumns(quiet)),
        // What waits is tried with what it has now.
        problem: null,
      },
      include: WITH,
    });
    await forgetUnwanted(tx, changed);
    await tx.noticeDelivery.updateMany({
      where: { channelId: before.id },
      data: { dueAt: new Date(), tries: 0 },
    });
    await auditWithChange(tx);
    return changed;
  });
  services.hurry();
  events.publish({ type: 'notices.changed' });
  return channelView(row);
}

/** What waits for it is forgotten with it. Throws `not_found`. */
export async function deleteChannel(
  { db, events }: NoticeServices,
  { channel }: { channel: string },
): Promise<{ channel: string }> {
  const name = await db.$transaction(async (tx) => {
    const { id, name } = await findChannel(tx, channel);
    await tx.noticeChannel.delete({ where: { id } });
    await auditWithChange(tx);
    return name;
  });
  events.publish({ type: 'notices.changed' });
  return { channel: name };
}

/** What waits and is not for this channel any more, as it tells of other things or another project now. */
async function forgetUnwanted(
  db: Pick<NoticeServices['db'], 'noticeDelivery'>,
  { id: channelId, kinds, project }: Pick<Row, 'id' | 'kinds' | 'project'>,
): Promise<void> {
  const unwanted = [{ kind: { notIn: kinds } }, ...(project === null ? [] : [{ project: { not: project } }])];
  await db.noticeDelivery.deleteMany({
    where: { channelId, notice: { OR: [...unwanted, ...(project === null ? [] : [{ project: null }])] } },
  });
}

async function refuseTaken(db: Pick<NoticeServices['db'], 'noticeChannel'>, name: string): Promise<void> {
  if (!(await db.noticeChannel.findUnique({ where: { name }, select: { id: true } }))) return;
  throw new AppError('name_taken', `there is a channel ${name} already: choose another name`, {
    field: ['name'],
  });
}

/** `keeps`: a secret that is left out stays, as this one goes to the same address. */
function toColumns(to: ChannelTo, keeps = false) {
  const secret = keeps && to.secret === undefined ? {} : { secret: to.secret ?? null };
  const nobody = { username: null, sender: null, receivers: [] };
  if (to.kind === 'webhook') return { kind: to.kind, url: to.url, ...nobody, ...secret };
  const { kind, url, username, sender, receivers } = to;
  return { kind, url, username, sender, receivers, ...secret };
}

function quietColumns(quiet: QuietHours | null) {
  if (quiet === null) return { quietFrom: null, quietTo: null };
  return { quietFrom: minutesOf(quiet.from), quietTo: minutesOf(quiet.to), timeZone: quiet.timeZone };
}
