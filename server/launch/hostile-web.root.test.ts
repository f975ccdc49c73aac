import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureSystemUser } from '../child/ensure-system-user.ts';
import { removeSystemUser } from '../child/remove-system-user.ts';
import { CliServer } from '../cli/cli-fixture.ts';
import { listenOnSocket } from '../http/listen-on-socket.ts';
import { readInstance } from '../instance/read-instance.ts';
import { adminCall } from './admin-call.ts';
import { ensureCertificate } from './certificate.ts';
import { asWebUser } from './child-specs.ts';

// A hostile program in place of the web process, behind the very walls that the launcher puts around that (child-specs.ts), beside
// a real server with a guest and a second instance's web tier. Where systemd runs the unit adds more (systemd/berth-web.service.in).
const USER = 'berth-web-test';
const NEIGHBOUR = 'berth-web-test2';

interface Said {
  /** By probe: what refused it, null when it went through. */
  said: Record<string, string | null>;
  facts: Record<string, string>;
}

let folder: string;
let held: Said;
const undo = new AsyncDisposableStack();

/** Runs hostile-web.mjs with the targets that were laid out. */
function play(command: (words: string[]) => string[]): Said {
  const [program = '', ...args] = command([
    path.join(folder, 'node'),
    path.join(folder, 'hostile.mjs'),
    path.join(folder, 'targets.json'),
  ]);
  const env = { NODE_ENV: 'production' as const, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
  return JSON.parse(execFileSync(program, args, { cwd: folder, env, encoding: 'utf8' }));
}

/** The entries of a folder, named by its own name. */
const entriesOf = (name: string, dir: string) =>
  Object.fromEntries(
    readdirSync(dir, { withFileTypes: true })
      .filter((entry) => !entry.isSocket())
      .map((entry) => [`${name}/${entry.name}`, path.join(dir, entry.name)]),
  );

/** A web tier as `berth up` lays it, of a user's own. */
function layTier(name: string, gid: number): string {
  const webDir = path.join(folder, name);
  mkdirSync(webDir, { mode: 0o755 });
  ensureCertificate(webDir, null, gid);
  return webDir;
}

beforeAll(async () => {
  const [user, neighbour] = [USER, NEIGHBOUR].map((name) => {
    undo.defer(() => removeSystemUser(name));
    return ensureSystemUser(name);
  });
  if (!user || !neighbour) throw new Error('no users');
  folder = mkdtempSync('/var/tmp/berth-hostile-');
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  cpSync(process.execPath, path.join(folder, 'node'));
  copyFileSync(path.join(import.meta.dirname, 'hostile-web.mjs'), path.join(folder, 'hostile.mjs'));
  copyFileSync('/usr/bin/id', path.join(folder, 'id'));
  chmodSync(path.join(folder, 'id'), 0o4755);

  const server = undo.use(await CliServer.start({ BERTH_WEB_USER: USER }));
  const instance = readInstance(server.dataDir);
  if (!instance) throw new Error('the server has no instance');
  const created = await server.berth(['guest', 'create', 'prey', '--image', 'berth/mini', '--start']);
  if (created.status !== 0) throw new Error(created.stderr);
  const { initPid } = (await server.json(['guest', 'info', 'prey'])) as { initPid: number };
  const { processes } = await adminCall<{ processes: Record<string, { pid: number } | null> }>(
    instance.adminSocket,
    'query',
    'server.status',
  );

  const own = layTier('own', user.gid);
  const other = layTier('other', neighbour.gid);
  const theirs = createServer();
  const theirSocket = path.join(folder, 'other.sock');
  await listenOnSocket(theirs, theirSocket, { mode: 0o660, gid: neighbour.gid });
  undo.defer(() => void theirs.close());
  const [sleep = '', ...args] = asWebUser(NEIGHBOUR, ['sleep', '1000']);
  const theirWeb = spawn(sleep, args, { stdio: 'ignore' });
  undo.defer(async () => {
    theirWeb.kill();
    await once(theirWeb, 'exit');
  });

  const targets = {
    reach: {
      'the own socket': instance.webSocket,
      'the admin socket': instance.adminSocket,
      'the database': path.join(instance.runDir, 'db/.s.PGSQL.5432'),
      "another instance's web socket": theirSocket,
    },
    read: {
      'the own key': path.join(own, 'tls/key.pem'),
      'the own code': path.join(folder, 'hostile.mjs'),
      "another instance's key": path.join(other, 'tls/key.pem'),
      'the data folder': instance.dataDir,
      'the run folder': instance.runDir,
      ...entriesOf('data', instance.dataDir),
      ...entriesOf('run', instance.runDir),
      "root's folder": '/root',
      'the passwords of the host': '/etc/shadow',
      "the guest's files": `/proc/${initPid}/root`,
    },
    write: {
      'the own code': path.join(folder, 'hostile.mjs'),
      'the own key': path.join(own, 'tls/key.pem'),
      'a program beside it': path.join(folder, 'id'),
      "the instance's file": path.join(instance.dataDir, 'instance.json'),
      'the users of the host': '/etc/passwd',
    },
    make: {
      'the own folder': own,
      'the data folder': instance.dataDir,
      'the run folder': instance.runDir,
      "the socket's folder": path.dirname(instance.webSocket),
      'the root of control groups': '/sys/fs/cgroup',
    },
    processes: {
      'the server': processes.server?.pid,
      'the database': processes.database?.pid,
      "the guest's init": initPid,
      "another instance's web": theirWeb.pid,
      'whoever started the server': process.pid,
    },
    setUserId: path.join(folder, 'id'),
  };
  writeFileSync(path.join(folder, 'targets.json'), JSON.stringify(targets));
  held = play((words) => asWebUser(USER, words));
});
afterAll(() => undo.disposeAsync());

/** What the web process is there for. */
const ITS_OWN = ['reach the own socket', 'read the own key', 'read the own code'];

test('it has no capability to have or to gain, and no groups', () => {
  const none = '0000000000000000';
  expect(held.facts).toEqual({
    ...{ CapInh: none, CapPrm: none, CapEff: none, CapBnd: none, CapAmb: none },
    ...{ NoNewPrivs: '1', Groups: '' },
  });
});

test('it reaches its socket, its key and its code', () => {
  for (const probe of ITS_OWN) expect(held.said[probe], probe).toBeNull();
});

test('and nothing else', () => {
  const through = Object.entries(held.said)
    .filter(([probe, refusal]) => refusal === null && !ITS_OWN.includes(probe))
    .map(([probe]) => probe);
  expect(through).toEqual([]);
  expect(Object.keys(held.said).length).toBeGreaterThan(40);
});

test('the control: without the walls every probe goes through', () => {
  const { said } = play((words) => words);
  expect(Object.entries(said).filter(([, refusal]) => refusal !== null)).toEqual([]);
});

test('the control: as the same user, but with new privileges, a set-user-id program makes it root', () => {
  const { said } = play((words) => [
    'setpriv',
    ...['--reuid', USER, '--regid', USER, '--clear-groups', '--', ...words],
  ]);
  expect(said['gain by a set-user-id program']).toBeNull();
});
