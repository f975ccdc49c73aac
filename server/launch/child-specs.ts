import path from 'node:path';
import { compileCache } from '../instance/compile-cache.ts';
import type { Instance } from '../instance/instance.ts';
import type { Settings } from './settings.ts';

/** Each instance has a web user of its own: one's web process can neither signal another's nor read its key or its socket. */
export const webUserOf = ({ slot }: Pick<Instance, 'slot'>) => `berth-web-${slot}`;

/** A command as the web process's user: no groups, no capability to have or to gain. */
export function asWebUser(user: string, command: readonly string[]): string[] {
  const ids = ['--reuid', user, '--regid', user, '--clear-groups'];
  return ['setpriv', ...ids, '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs', '--', ...command];
}

/**
 * Where the processor has memory protection keys, V8's book of code pages misses WebAssembly's (Prisma's query compiler) now and
 * then, and ends the process (nodejs/node#64500).
 */
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', '--no-memory-protection-keys'];

/** What is being brought up. */
export interface Launch {
  /** The checkout. */
  root: string;
  instance: Instance;
  settings: Settings;
  databaseUrl: string | undefined;
  join?: boolean | undefined;
}

export interface ChildSpec {
  name: 'server' | 'web';
  command: string[];
  environment: Record<string, string>;
  cwd: string;
}

/** The server: root, on unix sockets only. */
export function serverSpec({ root, instance, settings, databaseUrl, join }: Launch): ChildSpec {
  return {
    name: 'server',
    command: [process.execPath, ...NODE_OPTIONS, path.join(root, 'server/main.ts')],
    environment: {
      ...base(),
      BERTH_DATA: instance.dataDir,
      NODE_COMPILE_CACHE: compileCache(instance.dataDir),
      BERTH_ADDRESS: settings.address,
      BERTH_PORT: String(settings.port),
      BERTH_PLAIN_HTTP: settings.plainHttp ? '1' : '0',
      BERTH_PUBLIC_ORIGINS: settings.publicOrigins.join(','),
      BERTH_WEB_USER: webUserOf(instance),
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      ...(join ? { BERTH_JOIN: '1' } : {}),
    },
    cwd: root,
  };
}

/** The web process: unprivileged, in its own folder. */
export function webSpec({ instance, settings }: Launch, buildDir: string): ChildSpec {
  return {
    name: 'web',
    command: asWebUser(webUserOf(instance), [
      path.join(buildDir, 'node'),
      '--disable-warning=ExperimentalWarning',
      path.join(buildDir, 'app/_web/main.ts'),
    ]),
    environment: {
      ...base(),
      BERTH_ADDRESS: settings.address,
      BERTH_PORT: String(settings.port),
      BERTH_SOCKET: instance.webSocket,
      BERTH_TRUSTED_PROXIES: settings.trustedProxies,
      BERTH_TLS: settings.plainHttp ? '' : path.join(instance.dataDir, 'web', 'tls'),
    },
    cwd: buildDir,
  };
}

const base = () => ({
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/nonexistent',
  LANG: 'C.UTF-8',
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
});
