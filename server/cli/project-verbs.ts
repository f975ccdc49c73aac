import { FIELD_TYPES, type FieldDefinition } from '../project/field-schema.ts';
import type { ProjectQuotas, ProjectView } from '../project/schema.ts';
import type { CommandSpec, Invocation, OptionSpec } from './command.ts';
import { misused } from './fail.ts';
import { formatTable } from './table.ts';
import { formatBytes, parseBytes, parseNumber } from './units.ts';

const QUOTAS: Readonly<Record<string, OptionSpec>> = {
  about: { type: 'string', value: 'TEXT', help: 'what the project is for' },
  guests: { type: 'string', value: 'NUMBER', help: 'guests at the most, or none for no quota' },
  cpu: { type: 'string', value: 'CORES', help: 'cores of all its guests together, or none' },
  memory: { type: 'string', value: 'SIZE', help: 'memory of all its guests together, or none' },
  disk: {
    type: 'string',
    value: 'SIZE',
    help: 'what all its guests have written, or none: no wall, see below',
  },
  addresses: { type: 'string', value: 'NUMBER', help: 'addresses in the managed network, or none' },
};
const RECORDING: Readonly<Record<string, OptionSpec>> = {
  record: {
    type: 'string',
    value: 'WHEN',
    help: 'always: every terminal of its guests, who is in it is told; or asked',
  },
  'record-input': { type: 'string', value: 'on|off', help: 'what is typed, too, passwords included' },
  'record-most': { type: 'string', value: 'SIZE', help: 'of one such recording, or none: as of all' },
  'record-days': {
    type: 'string',
    value: 'N',
    help: 'how long one is kept after its end, or none: as of all',
  },
};
const FIELDS: Readonly<Record<string, OptionSpec>> = {
  field: {
    type: 'string',
    multiple: true,
    value: 'NAME:TYPE',
    help: 'a field of its guests: cost:number, due:date, who:text, stage:choice:blue,green; may be repeated',
  },
  'no-field': {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'a field that goes; what guests have of it stays',
  },
};
const ABOUT = [
  'A quota counts the limits of all guests of the project, whether they run or not. One that is lower than what is in use',
  'takes nothing away: nothing more is given. The disk is measured: when it is full, no guest is made or started.',
].join('\n');
const COLUMNS = [
  ...[{ title: 'PROJECT' }, { title: 'GUESTS' }, { title: 'CPU' }, { title: 'MEMORY' }, { title: 'DISK' }],
  ...[{ title: 'ADDRESSES' }, { title: 'ABOUT' }],
];

function readQuotas({ text }: Pick<Invocation, 'text'>): Partial<ProjectQuotas> {
  const read = (name: keyof ProjectQuotas, parse: (value: string) => number) => {
    const value = text(name);
    if (value === undefined) return {};
    return { [name]: value === 'none' ? null : parse(value) };
  };
  return {
    ...read('guests', (value) => parseNumber(value, '--guests', '10')),
    ...read('cpu', (value) => parseNumber(value, '--cpu', '4')),
    ...read('memory', (value) => parseBytes(value, '--memory')),
    ...read('disk', (value) => parseBytes(value, '--disk')),
    ...read('addresses', (value) => parseNumber(value, '--addresses', '10')),
  };
}

/** What is said of recording; undefined where nothing is. The details mean that they are recorded. Throws what cannot be read. */
function readRecording({ text }: Pick<Invocation, 'text'>) {
  const [record, input, most, days] = ['', '-input', '-most', '-days'].map((part) => text(`record${part}`));
  if (record !== undefined && record !== 'always' && record !== 'asked')
    throw misused(`--record ${record} must be always or asked`);
  if (input !== undefined && input !== 'on' && input !== 'off')
    throw misused(`--record-input ${input} must be on or off`);
  const details = {
    ...(input !== undefined && { input: input === 'on' }),
    ...(most !== undefined && { mostBytes: most === 'none' ? null : parseBytes(most, '--record-most') }),
    ...(days !== undefined && {
      keepDays: days === 'none' ? null : parseNumber(days, '--record-days', '90'),
    }),
  };
  const isDetailed = Object.keys(details).length > 0;
  if (record === 'asked' && isDetailed)
    throw misused(
      '--record asked records nothing by itself: leave out --record-input, --record-most and --record-days',
    );
  if (record === 'asked') return null;
  return record === 'always' || isDetailed ? details : undefined;
}

function recordingText({ name, recording }: ProjectView): string {
  if (recording === null) return `terminals of ${name}: recorded where somebody asks for it`;
  const { input, mostBytes, keepDays, setBy } = recording;
  return [
    `terminals of ${name}: always recorded, as ${setBy} has set it`,
    ...[input ? 'what is shown and what is typed' : 'what is shown'],
    ...(mostBytes === null ? [] : [`one at most ${formatBytes(mostBytes)}`]),
    ...(keepDays === null ? [] : [`kept for ${keepDays} days`]),
  ].join(', ');
}

/** What becomes of the fields; null where nothing was given. Throws what cannot be read. */
function readFields({ texts }: Pick<Invocation, 'texts'>) {
  const given = texts('field').map(readField);
  const gone = new Set(texts('no-field'));
  if (given.length + gone.size === 0) return null;
  return (before: readonly FieldDefinition[]): FieldDefinition[] => {
    const byName = new Map(before.map((field) => [field.name, field]));
    for (const field of given) byName.set(field.name, field);
    for (const name of gone)
      if (!byName.delete(name)) throw misused(`--no-field ${name}: there is no such field`);
    return [...byName.values()];
  };
}

function readField(text: string): FieldDefinition {
  const [name = '', word = '', choices = ''] = text.split(':');
  const type = FIELD_TYPES.find((one) => one === word);
  if (!type)
    throw misused(
      `--field ${text}: write ${FIELD_TYPES.map((one) => `NAME:${one}`).join(', ')} with :a,b after it`,
    );
  return { name, type, about: '', choices: choices.split(',').filter(Boolean) };
}

const of = (used: number | null, quota: number | null, show: (value: number) => string = String) =>
  `${used === null ? '-' : show(used)}${quota === null ? '' : ` of ${show(quota)}`}`;

function rowOf({ name, use, quotas, about }: ProjectView): string[] {
  return [
    name,
    of(use.guests, quotas.guests),
    of(use.cpu, quotas.cpu),
    of(use.memory, quotas.memory, formatBytes),
    of(use.disk, quotas.disk, formatBytes),
    of(use.addresses, quotas.addresses),
    about || '-',
  ];
}

export const projectLs: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const projects = await (await api()).query('project', 'list');
    if (json) {
      out.json(projects);
      return 0;
    }
    const rows = projects.map(rowOf).map(([name = '', ...rest]) => [out.paint('bold', name), ...rest]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};

export const projectCreate: CommandSpec = {
  usage: 'PROJECT [--about TEXT] [--record always] [QUOTAS]',
  about: ABOUT,
  options: { ...QUOTAS, ...RECORDING },
  names: { min: 1, max: 1, what: 'a project' },
  async run(invocation) {
    const { api, json, names, text, out } = invocation;
    const input = {
      name: names[0] ?? '',
      about: text('about'),
      quotas: readQuotas(invocation),
      recording: readRecording(invocation),
    };
    const project = await (await api()).mutate('project', 'create', input);
    if (json) out.json(project);
    else
      out.line(
        `project ${project.name} is made: berth project member ${project.name} USER ROLE lets people in`,
      );
    return 0;
  },
};

export const projectSet: CommandSpec = {
  usage: 'PROJECT [--about TEXT] [--field NAME:TYPE] [--record always|asked] [QUOTAS]',
  about: ABOUT,
  options: { ...QUOTAS, ...RECORDING, ...FIELDS },
  names: { min: 1, max: 1, what: 'a project' },
  async run(invocation) {
    const { api: connect, json, names, text, out } = invocation;
    const quotas = readQuotas(invocation);
    const about = text('about');
    const change = readFields(invocation);
    const recording = readRecording(invocation);
    if (about === undefined && Object.keys(quotas).length === 0 && !change && recording === undefined)
      throw misused(
        'say what changes: --about, --field, --record, --guests, --cpu, --memory, --disk or --addresses',
      );
    const api = await connect();
    const name = names[0] ?? '';
    const fields = change && (await api.query('project', 'list')).find((one) => one.name === name)?.fields;
    const project = await api.mutate('project', 'set', {
      ...{ project: name, about, quotas, recording },
      ...(change && { fields: change(fields ?? []) }),
    });
    if (json) out.json(project);
    else {
      out.line(formatTable(COLUMNS, [rowOf(project)]));
      if (recording !== undefined) out.line(recordingText(project));
      if (change)
        out.line(
          `fields: ${project.fields.map(({ name, type }) => `${name} (${type})`).join(', ') || 'none'}`,
        );
    }
    return 0;
  },
};

export const projectRm: CommandSpec = {
  usage: 'PROJECT',
  about: 'It must have no guests. Who has a role for it loses it and is signed out.',
  names: { min: 1, max: 1, what: 'a project' },
  async run({ api, json, names, out }) {
    const done = await (await api()).mutate('project', 'delete', { project: names[0] ?? '' });
    if (json) out.json(done);
    else out.line(`project ${done.project} is deleted`);
    return 0;
  },
};

export const projectMember: CommandSpec = {
  usage: 'PROJECT [USER ROLE] [--take]',
  about: 'Lists who has a role for the project, or gives a user one, or takes it away with --take.',
  options: { take: { type: 'boolean', help: 'take the role away: the user is signed out' } },
  names: { min: 1, max: 3, what: 'a project, and a user and a role' },
  async run({ api: connect, json, names, flag, out }) {
    const [project = '', username, role] = names;
    const api = await connect();
    if (username !== undefined) {
      if (role === undefined) throw misused(`say which role ${username} has: see berth role ls`);
      const input = { username, role, project };
      const user = await api.mutate('user', flag('take') ? 'take' : 'grant', input);
      if (json) out.json(user);
      else if (flag('take'))
        out.line(`${username} has the role ${role} in ${project} no more, and was signed out`);
      else out.line(`${username} has the role ${role} in ${project}`);
      return 0;
    }
    const users = await api.query('user', 'list');
    const members = users.flatMap((user) =>
      user.grants
        .filter((grant) => grant.project === project)
        .map((grant) => ({ user: user.username, role: grant.role })),
    );
    if (json) out.json(members);
    else
      out.line(
        formatTable(
          [{ title: 'USER' }, { title: 'ROLE' }],
          members.map((one) => [one.user, one.role]),
        ),
      );
    return 0;
  },
};
