import { isIP } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../errors/app-error.ts';

export interface LaunchOptions {
  dataDir: string;
  port?: number;
  address?: string;
  plainHttp?: boolean;
  certificate?: string;
  key?: string;
  trustedProxies?: string;
  publicOrigins?: string[];
  /** A PostgreSQL of one's own instead of the private one. */
  databaseUrl?: string;
  /** Share that one with other hosts; once it does, nothing has to say so any more. */
  join?: boolean;
  json: boolean;
  yes: boolean;
  rest: string[];
}

export const LAUNCH_USAGE = `usage: berth up [--port N] [--address IP] [--data DIR] [--certificate FILE --key FILE | --plain-http] [--trusted-proxy LIST] [--origin LIST] [--join]
       berth down | status [--json] | purge [--yes]     [--data DIR]
       berth test [lint|fuzz|unit|root|e2e ...]
       berth bench [NAME ...]
       berth fuzz [TARGET ...] [--seconds N]
       berth soak faults [--cycles N] [--seed N] [--from N] | recovery [--guests N] | neighbour [--seconds N] [--windows N] [--weight N] [--cpu N] [--rate N]
       berth soak races [--rounds N]
       berth screenshots

  --port N            where the console listens (default 8443, or what it was before)
  --address IP        on which address (default 0.0.0.0: all)
  --data DIR          the data folder (default: BERTH_DATA, then /var/lib/berth)
  --certificate FILE  your own certificate, and its key with --key (PEM); default: one that Berth makes
  --trusted-proxy LIST  addresses and networks of proxies before the console (10.0.0.5,fd00::/8): whose request it is, is
                      then what they say; '' for none
  --origin LIST       the only addresses that browsers come from (https://berth.example), where a proxy stands before the
                      console or it has a name; '' for whatever address the browser used
  --plain-http        no TLS; only with a loopback --address
  --join              share the database that DATABASE_URL names with the hosts whose inventory it has, from now on
  --json              for programs
  --yes               purge without asking`;

const isLoopback = (address: string) => address === '::1' || address.startsWith('127.');

/** Parse the launcher's options. Throws bad_input that names the option, its value and what would be right. */
export function parseLaunchOptions(
  argv: readonly string[],
  environment: Record<string, string | undefined>,
): LaunchOptions {
  const { values, positionals } = parse(argv);
  const options: LaunchOptions = {
    dataDir: path.resolve(values.data ?? environment.BERTH_DATA ?? '/var/lib/berth'),
    json: values.json ?? false,
    yes: values.yes ?? false,
    rest: positionals,
  };
  if (environment.DATABASE_URL) options.databaseUrl = environment.DATABASE_URL;
  if (values.join) options.join = parseJoin(options);
  if (values.port !== undefined) options.port = parsePort(values.port);
  if (values.address !== undefined) {
    if (isIP(values.address) === 0)
      throw new AppError(
        'bad_input',
        `--address ${values.address} is not an IP address: give one of this host, such as 127.0.0.1`,
      );
    options.address = values.address;
  }
  if (values['plain-http']) {
    if (!options.address || !isLoopback(options.address))
      throw new AppError('bad_input', '--plain-http is only for loopback: add --address 127.0.0.1');
    options.plainHttp = true;
  }
  if ((values.certificate === undefined) !== (values.key === undefined))
    throw new AppError('bad_input', '--certificate and --key go together: give both');
  if (values.certificate !== undefined && values.key !== undefined) {
    options.certificate = path.resolve(values.certificate);
    options.key = path.resolve(values.key);
  }
  const proxies = values['trusted-proxy'];
  if (proxies !== undefined) {
    const wrong = proxies.split(',').find((entry) => entry.trim() !== '' && !isNetwork(entry.trim()));
    if (wrong !== undefined)
      throw new AppError(
        'bad_input',
        `--trusted-proxy ${wrong} is no address and no network: give such as 10.0.0.5 or fd00::/8`,
      );
    options.trustedProxies = proxies;
  }
  if (values.origin !== undefined) options.publicOrigins = parseOrigins(values.origin);
  return options;
}

function parseJoin({ databaseUrl }: Pick<LaunchOptions, 'databaseUrl'>): true {
  if (databaseUrl) return true;
  throw new AppError(
    'bad_input',
    '--join is for a database that hosts share: set DATABASE_URL to its address, such as postgresql://berth@db.example/berth',
  );
}

/** As browsers write them: scheme, host and the port that is not the scheme's own. */
function parseOrigins(text: string): string[] {
  const origins = text.split(/[\s,]+/).filter((entry) => entry !== '');
  for (const entry of origins)
    if (!URL.canParse(entry) || new URL(entry).origin !== entry || !/^https?:/.test(entry))
      throw new AppError(
        'bad_input',
        `--origin ${entry} is no origin: give such as https://berth.example or https://10.0.0.5:8443`,
      );
  return origins;
}

/** Pure: `10.0.0.5`, `10.0.0.0/8`. */
function isNetwork(text: string): boolean {
  const [address = '', prefix = '0', ...more] = text.split('/');
  const longest = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        address: { type: 'string' },
        data: { type: 'string' },
        certificate: { type: 'string' },
        key: { type: 'string' },
        'trusted-proxy': { type: 'string' },
        origin: { type: 'string' },
        'plain-http': { type: 'boolean' },
        join: { type: 'boolean' },
        json: { type: 'boolean' },
        yes: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new AppError(
      'bad_input',
      (cause as Error).message.replace(/^./, (letter) => letter.toLowerCase()),
      { cause },
    );
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new AppError('bad_input', `--port ${text} is not a port: give a number from 1024 to 65535`);
  if (port < 1024)
    throw new AppError(
      'bad_input',
      `--port ${text} needs a capability that the web process does not have: give 1024 or more`,
    );
  return port;
}
