import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { ensureSystemUser } from '../child/ensure-system-user.ts';
import { AppError } from '../errors/app-error.ts';
import { claimSlot } from '../instance/claim-slot.ts';
import { consoleUrl } from '../instance/console-url.ts';
import type { Instance } from '../instance/instance.ts';
import { readInstance } from '../instance/read-instance.ts';
import { adminCall, isHealthy } from './admin-call.ts';
import { ensureCertificate } from './certificate.ts';
import { type ChildSpec, type Launch, serverSpec, webSpec, webUserOf } from './child-specs.ts';
import { installWeb } from './install-web.ts';
import { isListening } from './is-listening.ts';
import type { LaunchOptions } from './options.ts';
import { endProcess, isAlive, readProcessTable } from './process-table.ts';
import { readSettings, type Settings, writeSettings } from './settings.ts';
import type { SuperviseFile } from './supervise.ts';
import { hasSystemd, pauseUnits, startUnits, unitLog, unitProcesses } from './systemd.ts';

const START_LIMIT_MS = 90_000;

/** `berth up`: bring the console up, or leave it alone where it already runs just so. Prints each step as it ends. */
export async function up(root: string, options: LaunchOptions): Promise<void> {
  const kept = readSettings(options.dataDir);
  const settings = merge(kept, options);
  // a first start that cannot succeed leaves nothing: no claim, no folder
  if (!readInstance(options.dataDir)) await checkPort(settings);
  const instance = await claimSlot(options.dataDir);
  const target: Launch = { root, instance, settings, databaseUrl: options.databaseUrl, join: options.join };
  const fingerprint = fingerprintOf(target);
  const stampFile = path.join(instance.runDir, 'launch', 'fingerprint');
  const same = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint;

  if (same && (await isUp(instance, settings))) {
    console.log('  already running; nothing to do');
  } else {
    await step('stop what runs of before', () => stopOld(target, kept));
    await step('check the port', () => checkPort(settings));
    writeSettings(options.dataDir, settings);
    const specs = await step('install the web console', () => prepare(target));
    await step('start the server', () => launch(target, specs));
    await step('wait for the console', () => waitUntilUp(instance, settings));
    mkdirSync(path.dirname(stampFile), { recursive: true, mode: 0o700 });
    writeFileSync(stampFile, fingerprint);
  }
  await announce(instance, settings);
}

async function step<T>(title: string, work: () => T | Promise<T>): Promise<T> {
  const startedAt = performance.now();
  process.stdout.write(`  ${title.padEnd(34)}`);
  try {
    const result = await work();
    console.log(`done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return result;
  } catch (error) {
    console.log('failed');
    throw error;
  }
}

function merge(kept: Settings, options: LaunchOptions): Settings {
  const address = options.address ?? kept.address;
  return {
    address,
    port: options.port ?? kept.port,
    // an address that is given without it means TLS again
    plainHttp: options.plainHttp ?? (options.address === undefined ? kept.plainHttp : false),
    certificate: options.certificate ?? kept.certificate,
    key: options.key ?? kept.key,
    trustedProxies: options.trustedProxies ?? kept.trustedProxies,
    publicOrigins: options.publicOrigins ?? kept.publicOrigins,
  };
}

/** What the running processes were started from: another checkout state or other settings mean a restart. */
function fingerprintOf({ root, settings, databaseUrl }: Launch): string {
  const hash = createHash('sha256')
    .update(JSON.stringify(settings))
    .update(root)
    .update(databaseUrl ?? '');
  for (const stamp of ['npm', 'native', 'database', 'web']) {
    const file = path.join(root, '.berth', stamp);
    hash.update(existsSync(file) ? readFileSync(file) : '');
  }
  const sources = readdirSync(path.join(root, 'server'), { recursive: true, encoding: 'utf8' }).sort();
  for (const file of [
    ...sources.map((name) => `server/${name}`),
    ...readdirSync(path.join(root, 'app/_web')).map((name) => `app/_web/${name}`),
  ]) {
    const full = path.join(root, file);
    if (
      /\.(ts|mjs)$/.test(file) &&
      !file.includes('/generated/') &&
      !/\.test\.ts$/.test(file) &&
      statSync(full).isFile()
    )
      hash.update(file).update(readFileSync(full));
  }
  return hash.digest('hex');
}

async function isUp(instance: Instance, settings: Settings): Promise<boolean> {
  const table = hasSystemd()
    ? { supervisor: null, ...unitProcesses(instance.slot) }
    : readProcessTable(instance.runDir);
  const looked = hasSystemd() ? table.server : table.supervisor;
  return (
    isAlive(looked) &&
    isAlive(table.web) &&
    (await isHealthy(instance.adminSocket)) &&
    (await isListening(settings))
  );
}

async function stopOld({ instance, settings }: Launch, kept: Settings): Promise<void> {
  const table = readProcessTable(instance.runDir);
  // a port that somebody else holds must be told before the old console is stopped
  if (settings.port !== kept.port || settings.address !== kept.address) await checkPort(settings);
  if (hasSystemd()) pauseUnits(instance.slot);
  await endProcess(table.supervisor, 45_000);
  // left by a supervisor that was killed
  await endProcess(table.web, 10_000);
  await endProcess(table.server, 30_000);
}

/** Throws unavailable when something else listens there, bad_input when the address is none of this host. */
async function checkPort(settings: Settings): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        reject(
          new AppError(
            'unavailable',
            `port ${settings.port} is in use${whoListens(settings.port)}: choose another with --port, such as ${settings.port + 1}`,
          ),
        );
      else if (error.code === 'EADDRNOTAVAIL')
        reject(
          new AppError(
            'bad_input',
            `--address ${settings.address} is not an address of this host: see \`ip address\``,
          ),
        );
      else reject(error);
    });
    probe.listen(settings.port, settings.address, () => probe.close(() => resolve()));
  });
}

function whoListens(port: number): string {
  try {
    const line = execFileSync('ss', ['-Hltnp', `sport = :${port}`], { encoding: 'utf8' });
    const [, name, pid] = /users:\(\("([^"]+)",pid=(\d+)/.exec(line) ?? [];
    return name ? ` by ${name} (pid ${pid})` : '';
  } catch {
    return '';
  }
}

function prepare(target: Launch): { server: ChildSpec; web: ChildSpec } {
  const { root, instance, settings } = target;
  const webDir = path.join(instance.dataDir, 'web');
  mkdirSync(webDir, { recursive: true, mode: 0o755 });
  const { gid } = ensureSystemUser(webUserOf(instance));
  const own =
    settings.certificate && settings.key ? { certificate: settings.certificate, key: settings.key } : null;
  if (!settings.plainHttp) ensureCertificate(webDir, own, gid);
  const buildDir = installWeb(root, webDir);
  return { server: serverSpec(target), web: webSpec(target, buildDir) };
}

function launch({ root, instance }: Launch, specs: { server: ChildSpec; web: ChildSpec }): void {
  if (hasSystemd()) {
    startUnits(root, instance, specs);
    return;
  }
  const launchDir = path.join(instance.runDir, 'launch');
  const logDir = path.join(instance.dataDir, 'log');
  for (const dir of [launchDir, logDir]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = path.join(launchDir, 'supervise.json');
  const contents: SuperviseFile = { runDir: instance.runDir, logDir, children: [specs.server, specs.web] };
  writeFileSync(file, JSON.stringify(contents), { mode: 0o600 });
  const log = openSync(path.join(logDir, 'launch.log'), 'a', 0o600);
  const daemon = spawn(process.execPath, [path.join(root, 'server/launch/supervise.ts'), file], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  daemon.unref();
}

async function waitUntilUp(instance: Instance, settings: Settings): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  while (!((await isHealthy(instance.adminSocket)) && (await isListening(settings)))) {
    if (performance.now() > until)
      throw new AppError(
        'timed_out',
        `the console did not answer within ${START_LIMIT_MS / 1000} s:\n${logTail(instance)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function logTail(instance: Instance): string {
  if (hasSystemd()) return unitLog(instance.slot);
  return ['server', 'web']
    .map((name) => {
      const file = path.join(instance.dataDir, 'log', `${name}.log`);
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-8) : [];
      return [`${file}:`, ...lines].join('\n    ');
    })
    .join('\n');
}

/** The address for other machines, where the console listens on all of them. */
function elsewhere(settings: Settings): string {
  const isNamed = settings.publicOrigins.length > 0;
  if (isNamed || (settings.address !== '0.0.0.0' && settings.address !== '::')) return '';
  const entries = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    /^berth\d/.test(name) ? [] : (list ?? []),
  );
  const outside = entries.find((entry) => !entry.internal && entry.family === 'IPv4');
  return outside ? `, from other machines at ${consoleUrl({ ...settings, address: outside.address })}` : '';
}

async function announce(instance: Instance, settings: Settings): Promise<void> {
  const { needsAdmin } = await adminCall<{ needsAdmin: boolean }>(
    instance.adminSocket,
    'query',
    'setup.state',
  );
  console.log(`\nBerth runs at ${consoleUrl(settings)}${elsewhere(settings)}`);
  if (!needsAdmin) return;
  const link = await adminCall<{ path: string; expiresAt: string }>(
    instance.adminSocket,
    'mutation',
    'admin.createLink',
  );
  console.log(
    `Make the first administrator (this link works once, until ${new Date(link.expiresAt).toLocaleTimeString()}):\n  ${consoleUrl(settings)}${link.path}`,
  );
}
