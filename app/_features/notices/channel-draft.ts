import {
  ALARMS,
  type ChannelTo,
  type ChannelView,
  type NoticeKind,
  type QuietHours,
} from '../../../server/notice/schema.ts';

/** A channel as the form has it: texts. */
export interface ChannelDraft {
  name: string;
  kind: 'webhook' | 'mail';
  url: string;
  secret: string;
  username: string;
  sender: string;
  receivers: string;
  kinds: ReadonlySet<NoticeKind>;
  /** Empty: of all projects. */
  project: string;
  isQuiet: boolean;
  quiet: QuietHours;
  isOn: boolean;
}

const NIGHT = { from: '22:00', to: '07:00' };

/** The form as it is at first. `timeZone`: that of the browser. Pure. */
export function draftOf(channel: ChannelView | null, timeZone: string): ChannelDraft {
  const to = channel?.to;
  return {
    name: channel?.name ?? '',
    kind: to?.kind ?? 'webhook',
    url: to?.url ?? '',
    secret: '',
    username: to?.kind === 'mail' ? (to.username ?? '') : '',
    sender: to?.kind === 'mail' ? to.sender : '',
    receivers: to?.kind === 'mail' ? to.receivers.join(', ') : '',
    kinds: new Set(channel?.kinds ?? ALARMS),
    project: channel?.project ?? '',
    isQuiet: Boolean(channel?.quiet),
    quiet: channel?.quiet ?? { ...NIGHT, timeZone },
    isOn: channel?.isOn ?? true,
  };
}

/** What is asked for. A secret that is left empty stays, of a channel that there is. Pure. */
export function inputOf(draft: ChannelDraft) {
  const { name, kinds, project, isQuiet, quiet, isOn } = draft;
  return {
    ...{ name, to: toOf(draft), kinds: [...kinds], isOn },
    project: project === '' ? null : project,
    quiet: isQuiet ? quiet : null,
  };
}

function toOf({ kind, url, secret, username, sender, receivers }: ChannelDraft): ChannelTo {
  const kept = secret === '' ? {} : { secret };
  if (kind === 'webhook') return { kind, url: url.trim(), ...kept };
  return {
    ...{ kind, url: url.trim(), sender: sender.trim(), ...kept },
    username: username.trim() === '' ? null : username.trim(),
    receivers: receivers.split(/[\s,;]+/).filter(Boolean),
  };
}

/** The field of the form that an error of the server is about; null: none of them. Pure. */
export function fieldOf(path: readonly (string | number)[] | null | undefined): string | null {
  const names = ['name', 'url', 'secret', 'username', 'sender', 'receivers', 'kinds', 'project'];
  if (path?.includes('quiet')) return 'quiet';
  return [...names].find((name) => path?.includes(name)) ?? null;
}
