import { CALLBACK_PATH } from '../oidc/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { readSecret } from './read-secret.ts';
import { formatTable } from './table.ts';

const COLUMNS = [
  ...[{ title: 'PROVIDER' }, { title: 'LABEL' }, { title: 'ISSUER' }],
  ...[{ title: 'CLIENT' }, { title: 'PEOPLE' }],
];
const ONE = { min: 1, max: 1, what: 'a provider' };

export const oidcLs: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const providers = await (await api()).query('oidc', 'list');
    if (json) {
      out.json(providers);
      return 0;
    }
    const rows = providers.map(({ provider, label, issuer, clientId, people }) => [
      ...[out.paint('bold', provider), harmless(label), harmless(issuer), harmless(clientId), String(people)],
    ]);
    out.line(formatTable(COLUMNS, rows));
    return 0;
  },
};

export const oidcSet: CommandSpec = {
  usage: 'PROVIDER --issuer URL --client ID [--secret-file FILE] [--label TEXT]',
  about: `At the provider, register the client with the address of this console and ${CALLBACK_PATH}. With another issuer the links of all people with it end.`,
  options: {
    issuer: { type: 'string', value: 'URL', help: 'as https://login.example.org' },
    client: { type: 'string', value: 'ID', help: 'the client id that it knows Berth by' },
    'secret-file': {
      ...{
        type: 'string',
        value: 'FILE',
        help: 'has the client secret; - is standard input. Left out: it stays',
      },
    },
    label: { type: 'string', value: 'TEXT', help: 'what the button says after “Sign in with”' },
  },
  names: ONE,
  async run({ api, json, names, text, out }) {
    const [issuer, clientId, file] = [text('issuer'), text('client'), text('secret-file')];
    if (issuer === undefined) throw misused('say where the provider is with --issuer URL');
    if (clientId === undefined) throw misused('say what the provider knows Berth by with --client ID');
    const saved = await (await api()).mutate('oidc', 'save', {
      ...{ provider: names[0] ?? '', issuer, clientId, label: text('label') },
      ...{ secret: file === undefined ? undefined : readSecret(file) },
    });
    if (json) out.json(saved);
    else out.line(`people sign in with ${saved.provider} (${saved.issuer})`);
    return 0;
  },
};

export const oidcRm: CommandSpec = {
  usage: 'PROVIDER',
  about: 'Nobody signs in with it any more; who has done so stays signed in.',
  names: ONE,
  async run({ api, json, names, out }) {
    const { provider } = await (await api()).mutate('oidc', 'delete', { provider: names[0] ?? '' });
    if (json) out.json({ provider });
    else out.line(`nobody signs in with ${provider} any more`);
    return 0;
  },
};

export const userMail: CommandSpec = {
  usage: 'USER [ADDRESS]',
  about:
    'Whoever a provider (berth oidc) has verified the address for signs in as the user. Without one nobody does, and with another one who was linked until then does not.',
  names: { min: 1, max: 2, what: 'a user and an address' },
  async run({ api, json, names, out }) {
    const [username = '', mail = null] = names;
    const user = await (await api()).mutate('user', 'setMail', { username, mail });
    if (json) out.json(user);
    else out.line(`${user.username} has ${user.mail === null ? 'no address' : `the address ${user.mail}`}`);
    return 0;
  },
};
