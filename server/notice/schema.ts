import { z } from 'zod';
import { projectText } from '../project/schema.ts';

/** What people can be told of. */
export const NOTICE_KINDS = {
  'guest.failed': 'a guest has ended badly',
  'guest.memory': 'a guest has run out of memory',
  'guest.expiry': 'a guest expires soon',
  'guest.created': 'a guest is made',
  'guest.deleted': 'a guest is deleted',
  'operation.failed': 'something that was asked for has failed',
  'backup.failed': 'a back-up of the database, or its trial restore, has failed',
} as const;
export type NoticeKind = keyof typeof NOTICE_KINDS;
export const NOTICE_KIND_NAMES = Object.keys(NOTICE_KINDS) as NoticeKind[];

/** What calls for somebody: something went wrong, or is about to end. */
export const ALARMS: readonly NoticeKind[] = [
  'guest.failed',
  'guest.memory',
  'guest.expiry',
  'operation.failed',
  'backup.failed',
];

/** Channels at the most. */
export const MOST_CHANNELS = 50;

const plain = (text: string) => text.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
const text = (what: string, most: number) =>
  z
    .string({ error: `${what} is a text` })
    .trim()
    .min(1, `${what} is not empty`)
    .max(most, `${what} has at most ${most} characters`)
    .refine(plain, `${what} has no control characters`);

const address = z.email('a mail address is like ops@example.org').max(200);

function isUrl(value: string, protocols: readonly string[]): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  return (
    url !== null && protocols.includes(url.protocol) && url.hostname !== '' && !url.username && !url.password
  );
}
const webhookUrl = z
  .string()
  .max(1000, 'an address has at most 1000 characters')
  .refine(
    (value) => isUrl(value, ['https:', 'http:']),
    'the address of a webhook is like https://chat.example.org/hooks/7: http or https, without a user in it',
  );
const smtpUrl = z
  .string()
  .max(300, 'an address has at most 300 characters')
  .refine(
    (value) => isUrl(value, ['smtp:', 'smtps:']),
    'a mail server is like smtps://mail.example.org:465, or smtp://… for STARTTLS; its user is given apart',
  );
const secret = text('a secret', 500);

/** Minutes of the day of `HH:MM`; null: it is none. Pure. */
export function minutesOf(time: string): number | null {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** `HH:MM` to `HH:MM` in a time zone; over midnight where the end is before the start. */
const quietHours = z
  .strictObject({
    from: z.string().refine((value) => minutesOf(value) !== null, 'a time is like 22:00'),
    to: z.string().refine((value) => minutesOf(value) !== null, 'a time is like 07:30'),
    timeZone: z.string().max(60).refine(isTimeZone, 'a time zone is like UTC or Europe/Berlin'),
  })
  .refine(({ from, to }) => from !== to, 'quiet hours that end when they begin are none');
export type QuietHours = z.infer<typeof quietHours>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const common = {
  kinds: z
    .array(z.enum(NOTICE_KIND_NAMES, { error: `a notice is one of ${NOTICE_KIND_NAMES.join(', ')}` }))
    .min(1, 'say what to tell of')
    .max(NOTICE_KIND_NAMES.length),
  /** Of the guests of this project alone; null: of all. */
  project: projectText.nullable(),
  quiet: quietHours.nullable(),
  isOn: z.boolean(),
};

const webhook = z.strictObject({
  kind: z.literal('webhook'),
  url: webhookUrl,
  /** Signs each body (HMAC-SHA256); null: unsigned. Left out of a change: as before. */
  secret: secret.nullable().optional(),
});
const mail = z.strictObject({
  kind: z.literal('mail'),
  url: smtpUrl,
  username: text('a user name', 200).nullable(),
  /** The password. Left out of a change: as before. */
  secret: secret.nullable().optional(),
  sender: address,
  receivers: z
    .array(address)
    .min(1, 'say who gets the mail')
    .max(50, 'at most 50 get the mail of one channel'),
});
const to = z.discriminatedUnion('kind', [webhook, mail], { error: 'a channel is a webhook or mail' });
export type ChannelTo = z.infer<typeof to>;

export const createChannelInput = z.object({
  name: text('the name of a channel', 60),
  to,
  kinds: common.kinds.default([...ALARMS]),
  project: common.project.default(null),
  quiet: common.quiet.default(null),
  isOn: common.isOn.default(true),
});
export type CreateChannelInput = z.output<typeof createChannelInput>;

export const channelRef = z.object({ channel: z.string().min(1, 'name a channel').max(60) });
export const changeChannelInput = channelRef.extend({
  name: text('the name of a channel', 60).optional(),
  /** All of it; without a `secret` that is kept. */
  to: to.optional(),
  kinds: common.kinds.optional(),
  project: common.project.optional(),
  quiet: common.quiet.optional(),
  isOn: common.isOn.optional(),
});
export type ChangeChannelInput = z.output<typeof changeChannelInput>;

/** A channel as people see it: no secret is ever told again. */
export interface ChannelView {
  id: string;
  name: string;
  to:
    | { kind: 'webhook'; url: string; hasSecret: boolean }
    | {
        kind: 'mail';
        url: string;
        username: string | null;
        hasSecret: boolean;
        sender: string;
        receivers: string[];
      };
  kinds: NoticeKind[];
  project: string | null;
  quiet: QuietHours | null;
  isOn: boolean;
  createdBy: string;
  createdAt: string;
  /** When something was last taken; null: never. */
  sentAt: string | null;
  /** Why the newest attempt failed. */
  problem: string | null;
  /** Notices that wait for it. */
  waiting: number;
}

export const listNoticesInput = z.object({
  limit: z.number().int().min(1).max(200).default(50),
});
export const seenInput = z.object({
  /** Id of the newest notice that was read. */
  upTo: z.string().regex(/^\d{1,18}$/, 'a notice is named by its number'),
});

export interface NoticeView {
  /** A number; later ones are greater. */
  id: string;
  at: string;
  kind: NoticeKind;
  guest: { id: string; name: string } | null;
  project: string | null;
  text: string;
}

export interface NoticeList {
  notices: NoticeView[];
  /** How many alarms are newer than what this person has read; what somebody did is none. Root reads nothing. */
  unread: number;
  /** Id of the newest that this person has read; 0: none. */
  readUpTo: string;
}
