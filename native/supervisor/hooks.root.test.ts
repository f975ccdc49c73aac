import { chmodSync, existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestGround, TestGuest, until } from './test-guest.ts';

let ground: TestGround;
let log: string;
let serial = 0;
beforeAll(() => {
  ground = new TestGround();
  log = join(ground.dir, 'log');
});
afterAll(() => ground[Symbol.asyncDispose]());

const SLEEP = ['/bin/sleep', '1000'];

/** A script of the host as a hook. */
function script(text: string): string {
  const path = join(ground.dir, `hook-${++serial}`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const hook = (stage: string, path: string, timeout = 20_000, more = '0'): [string, string] => [
  'hook',
  `${stage} ${timeout} ${path} ${more}`,
];

interface State {
  ociVersion: string;
  id: string;
  status: string;
  pid?: number;
  bundle: string;
  annotations: Record<string, string>;
}
const said = (name: string): string => readFileSync(join(ground.dir, name), 'utf8');

describe('hooks', () => {
  it('run in their order with the state, each in the namespaces of its stage', async () => {
    const record = (name: string) =>
      script(
        `cat > ${ground.dir}/${name}.json; for n in mnt net uts pid; do readlink /proc/self/ns/$n; done > ${ground.dir}/${name}.ns; echo ${name} >> ${log}`,
      );
    const guest = new TestGuest(ground, 'system', SLEEP, [
      hook('createRuntime', record('create')),
      hook('createContainer', record('container')),
      hook(
        'startContainer',
        '/bin/sh',
        20_000,
        '3 sh -c cat>/root/state;readlink\\040/proc/self/ns/net>/root/net;grep\\040Seccomp:\\040/proc/self/status>/root/walls',
      ),
      hook('poststart', record('start')),
      hook('poststop', record('stop')),
    ]);
    await guest.running();
    const inode = (name: string, at: number) => said(`${name}.ns`).split('\n')[at];
    const own = (space: string) => guest.sh(`readlink /proc/self/ns/${space}`).stdout.trim();
    const host = (space: string) => readlinkSync(`/proc/self/ns/${space}`);
    expect(said('log')).toBe('create\ncontainer\nstart\n');
    for (const name of ['create', 'start']) {
      expect([name, inode(name, 0), inode(name, 1)]).toEqual([name, host('mnt'), host('net')]);
    }
    expect([inode('container', 1), inode('container', 2)]).toEqual([own('net'), own('uts')]);
    expect(inode('container', 0)).not.toBe(host('mnt'));
    expect(guest.sh('cat /root/net').stdout.trim()).toBe(own('net'));

    const state = (name: string): State => JSON.parse(said(`${name}.json`));
    const pid = Number(guest.state.init_pid);
    expect(state('create')).toEqual({
      ociVersion: '1.1.0',
      id: guest.id,
      status: 'creating',
      pid,
      bundle: guest.guestDir,
      annotations: { 'berth.hostname': 'berth-test', 'berth.kind': 'system' },
    });
    expect(state('start')).toMatchObject({ status: 'running', pid });
    expect(JSON.parse(guest.sh('cat /root/state').stdout)).toMatchObject({ status: 'created', pid });
    await guest.stop();
    expect(said('log')).toBe('create\ncontainer\nstart\nstop\n');
    expect(state('stop')).toMatchObject({ id: guest.id, status: 'stopped' });
    expect(state('stop').pid).toBeUndefined();
    expect(inode('stop', 3)).toBe(host('pid'));
    expect(guest.leftovers()).toEqual([]);
  });

  it('of startContainer are programs of the guest, behind its walls', async () => {
    await using guest = await new TestGuest(ground, 'application', SLEEP, [
      hook(
        'startContainer',
        '/bin/sh',
        20_000,
        '3 sh -c grep\\040-E\\040"Seccomp:|CapEff|NoNewPrivs"\\040/proc/self/status>/root/walls',
      ),
    ]).running();
    expect(guest.sh('cat /root/walls').stdout).toBe(
      guest.sh('grep -E "Seccomp:|CapEff|NoNewPrivs" /proc/self/status').stdout,
    );
  });

  it('of createContainer can give the guest mounts', async () => {
    const gift = join(ground.dir, 'gift');
    mkdirSync(gift, { recursive: true });
    writeFileSync(join(gift, 'file'), 'given\n');
    const guest = new TestGuest(ground, 'system', SLEEP, []);
    guest.spec.push(hook('createContainer', script(`mount --bind ${gift} ${guest.guestDir}/root`)));
    await guest.running();
    expect(guest.sh('cat /root/file').stdout).toBe('given\n');
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(gift);
    await guest.stop();
  });

  it('get exactly their environment and arguments, and no descriptor but the first three', async () => {
    const path = script(
      `{ env | grep -v -E "^(PWD|SHLVL|_)="; echo "$0 $*"; ls /proc/self/fd; } > ${ground.dir}/clean`,
    );
    await using guest = await new TestGuest(ground, 'system', SLEEP, [
      hook('createRuntime', path, 20_000, '3 name one two\\040words A=1 B=2\\0403'),
    ]).running();
    expect(guest.sh('true').status).toBe(0);
    const lines = said('clean').trimEnd().split('\n');
    expect(lines.slice(0, 2).sort()).toEqual(['A=1', 'B=2 3']);
    expect(lines[2]).toBe(`${path} one two words`);
    // 3 is the folder that ls reads.
    expect(lines.slice(3)).toEqual(['0', '1', '2', '3']);
  });

  it.each(['createRuntime', 'createContainer'])(
    'of %s that fail end the start, are named, and poststop follows',
    async (stage) => {
      const path = script('echo first >&2; echo "no such card" >&2; exit 3');
      const stop = join(ground.dir, `stopped-${stage}`);
      const guest = new TestGuest(ground, 'system', SLEEP, [
        hook(stage, path),
        hook('poststop', script(`touch ${stop}`)),
      ]);
      expect((await guest.start()).at(-1)?.replaceAll('\\040', ' ')).toBe(
        `error ECANCELED run the ${stage} hook ${path} ended with status 3: no such card`,
      );
      expect(existsSync(stop)).toBe(true);
      expect(guest.leftovers()).toEqual([]);
      expect(existsSync(guest.runDir)).toBe(false);
    },
  );

  it('of startContainer that fail, or are missing, end the start', async () => {
    const failing = new TestGuest(ground, 'system', SLEEP, [hook('startContainer', '/bin/false')]);
    expect((await failing.start()).at(-1)?.replaceAll('\\040', ' ')).toMatch(
      /^error ECANCELED run the startContainer hook \/bin\/false ended with status 127: it cannot exec \/bin\/false: No such file or directory$/,
    );
    expect(failing.leftovers()).toEqual([]);
  });

  it('that take too long are killed with what they started', async () => {
    const pidFile = join(ground.dir, 'pid');
    const guest = new TestGuest(ground, 'system', SLEEP, [
      hook('createRuntime', script(`sleep 1000 & echo $! > ${pidFile}; wait`), 300),
    ]);
    expect((await guest.start()).at(-1)?.replaceAll('\\040', ' ')).toMatch(
      /^error ETIMEDOUT run the createRuntime hook \S+ took longer than 300 ms$/,
    );
    const pid = readFileSync(pidFile, 'utf8').trim();
    await until('the child of the hook is gone', () => {
      const status = existsSync(`/proc/${pid}/status`)
        ? readFileSync(`/proc/${pid}/status`, 'utf8')
        : 'State:\tZ';
      return /^State:\tZ/m.test(status);
    });
    expect(guest.leftovers()).toEqual([]);
  });

  it('of poststart that fail are told, and the guest runs on', async () => {
    await using guest = new TestGuest(ground, 'system', SLEEP, [hook('poststart', script('exit 9'))]);
    const report = await guest.start();
    expect(report.at(-2)?.replaceAll('\\040', ' ')).toMatch(
      /^warning ECANCELED run the poststart hook .* ended with status 9$/,
    );
    expect(report.at(-1)).toMatch(/^ready /);
    expect(guest.sh('echo alive').stdout).toBe('alive\n');
  });

  it('of poststop each have their turn', async () => {
    const done = join(ground.dir, 'second');
    const guest = await new TestGuest(ground, 'system', SLEEP, [
      hook('poststop', script('exit 1')),
      hook('poststop', script(`touch ${done}`)),
    ]).running();
    await guest.stop();
    expect(existsSync(done)).toBe(true);
  });
});
