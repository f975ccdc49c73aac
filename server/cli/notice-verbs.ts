import type { ChangeChannelInput, ChannelTo, ChannelView, NoticeKind, QuietHours } from '../notice/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec, Invocation, OptionSpec } from './command.ts';
import { misused } from './fail.ts';
import { readSecret } from './read-secret.ts';
import { formatTable } from './table.ts';
import { formatAgo, parseNumber } from './units.ts';

const ONE = { min: 1, max: 1, what: 'a channel' };
const OPTIONS: Readonly<Record<string, OptionSpec>> = {
  webhook: { type: 'string', value: 'URL', help: 'where notices are POSTed as JSON' },
  mail: {
    type: 'string',
    value: 'ADDRESS',
    multiple: true,
    help: 'who gets them by mail; may be given often',
  },
  server: { type: 'string', value: 'URL', help: 'the mail server: smtps://mail.example.org, or smtp://…' },
  sender: { type: 'string', value: 'ADDRESS', help: 'who the mail is from' },
  user: { type: 'string', value: 'NAME', help: 'signs in at the mail server, over TLS alone' },
  'secret-file': {
    ...{ type: 'string', value: 'FILE' },
    help: 'has the password of the mail server, or what signs the webhook; - is standard input',
  },
  kind: { type: 'string', value: 'KIND', multiple: true, help: 'tell of this; may be given often' },
  project: { type: 'string', value: 'PROJECT', help: 'of the guests of this project alone, or none for all' },
  quiet: {
    ...{ type: 'string', value: 'FROM-TO' },
    help: 'hold them back meanwhile, as 22:00-07:00, or none',
  },
  'time-zone': { type: 'string', value: 'ZONE', help: 'of the quiet hours; default: UTC' },
};

export const noticeLs: CommandSpec = {
  usage: '[--limit NUMBER]',
  options: { limit: { type: 'string', value: 'NUMBER', help: 'so many, the newest; default: 50' } },
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, text, out }) {
    const limit = parseNumber(text('limit') ?? '50', '--limit', '50');
    const { notices } = await (await api()).query('notice', 'list', { limit });
    if (json) {
      out.json(notices);
      return 0;
    }
    const columns = [{ title: 'WHEN' }, { title: 'KIND' }, { title: 'PROJECT' }, { title: 'NOTICE' }];
    const rows = notices.map((one) => [formatAgo(one.at), one.kind, one.project ?? '-', harmless(one.text)]);
    out.line(formatTable(columns, rows));
    return 0;
  },
};

export const noticeChannels: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const channels = await (await api()).query('notice', 'channels');
    if (json) {
      out.json(channels);
      return 0;
    }
    const titles = ['CHANNEL', 'TO', 'TELLS OF', 'PROJECT', 'QUIET', 'WAITING', 'SENT', 'PROBLEM'];
    const rows = channels.map(rowOf).map(([name = '', ...rest]) => [out.paint('bold', name), ...rest]);
    out.line(
      formatTable(
        titles.map((title) => ({ title })),
        rows,
      ),
    );
    return 0;
  },
};

function rowOf({ name, to, kinds, project, quiet, isOn, waiting, sentAt, problem }: ChannelView): string[] {
  return [
    name,
    to.kind === 'webhook' ? to.url : to.receivers.join(' '),
    isOn ? kinds.join(' ') : 'off',
    project ?? '-',
    quiet ? `${quiet.from}-${quiet.to} ${quiet.timeZone}` : '-',
    `${waiting}`,
    sentAt ? formatAgo(sentAt) : 'never',
    problem ? harmless(problem) : '-',
  ];
}

export const noticeAdd: CommandSpec = {
  usage: 'CHANNEL --webhook URL | --mail ADDRESS... --server URL --sender ADDRESS [OPTIONS]',
  about: 'berth notice try CHANNEL sends it something; berth notice channels tells what it has not taken.',
  options: OPTIONS,
  names: ONE,
  async run(invocation) {
    const { api, json, names, out } = invocation;
    const to = toOf(invocation);
    if (!to)
      throw misused('say where notices go: --webhook URL, or --mail ADDRESS with --server and --sender');
    const input = { name: names[0] ?? '', to, ...partsOf(invocation) };
    const channel = await (await api()).mutate('notice', 'createChannel', input);
    if (json) out.json(channel);
    else out.line(`channel ${channel.name} is made: berth notice try ${channel.name} shows whether it works`);
    return 0;
  },
};

export const noticeSet: CommandSpec = {
  usage: 'CHANNEL [--on | --off] [OPTIONS]',
  options: {
    ...OPTIONS,
    on: { type: 'boolean', help: 'send to it' },
    off: { type: 'boolean', help: 'send nothing to it; what happens meanwhile it is never told' },
  },
  names: ONE,
  async run(invocation) {
    const { api, json, names, flag, out } = invocation;
    if (flag('on') && flag('off')) throw misused('--on and --off exclude each other');
    const change: ChangeChannelInput = {
      ...{ channel: names[0] ?? '', to: toOf(invocation), ...partsOf(invocation) },
      ...((flag('on') || flag('off')) && { isOn: flag('on') }),
    };
    const channel = await (await api()).mutate('notice', 'changeChannel', change);
    if (json) out.json(channel);
    else out.line(`channel ${channel.name} is changed`);
    return 0;
  },
};

export const noticeTry: CommandSpec = {
  usage: 'CHANNEL',
  names: ONE,
  async run({ api, json, names, out }) {
    const done = await (await api()).mutate('notice', 'tryChannel', { channel: names[0] ?? '' });
    if (json) out.json(done);
    else out.line(`channel ${done.channel} has taken it`);
    return 0;
  },
};

export const noticeRm: CommandSpec = {
  usage: 'CHANNEL',
  names: ONE,
  async run({ api, json, names, out }) {
    const done = await (await api()).mutate('notice', 'deleteChannel', { channel: names[0] ?? '' });
    if (json) out.json(done);
    else out.line(`channel ${done.channel} is deleted`);
    return 0;
  },
};

/** Where it goes; undefined where nothing is said of it. */
function toOf({ text, texts }: Invocation): ChannelTo | undefined {
  const [webhook, receivers, file] = [text('webhook'), texts('mail'), text('secret-file')];
  const secret = file === undefined ? undefined : readSecret(file);
  if (webhook !== undefined && receivers.length > 0)
    throw misused('a channel is a webhook or mail: give --webhook or --mail');
  if (webhook !== undefined) return { kind: 'webhook', url: webhook, secret };
  if (receivers.length === 0) {
    const lone = ['server', 'sender', 'user', 'secret-file'].find((name) => text(name) !== undefined);
    if (lone) throw misused(`--${lone} belongs to --webhook or --mail: give the whole of where notices go`);
    return undefined;
  }
  const [url, sender] = [text('server'), text('sender')];
  if (url === undefined || sender === undefined)
    throw misused(
      'mail needs a server and a sender: --server smtps://mail.example.org --sender berth@example.org',
    );
  return { kind: 'mail', url, username: text('user') ?? null, secret, sender, receivers };
}

function partsOf({ text, texts }: Invocation) {
  // What is no kind the server names.
  const kinds = texts('kind') as NoticeKind[];
  const [project, quiet] = [text('project'), text('quiet')];
  return {
    ...(kinds.length > 0 && { kinds }),
    ...(project !== undefined && { project: project === 'none' ? null : project }),
    ...(quiet !== undefined && {
      quiet: quiet === 'none' ? null : quietOf(quiet, text('time-zone') ?? 'UTC'),
    }),
  };
}

function quietOf(hours: string, timeZone: string): QuietHours {
  const [from = '', to = '', ...more] = hours.split('-');
  if (to === '' || more.length > 0) throw misused(`--quiet ${hours} is no span of hours: write 22:00-07:00`);
  return { from, to, timeZone };
}
