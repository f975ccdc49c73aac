import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import walls from '../protocol/walls.json' with { type: 'json' };
import { FileName } from '../protocol/wire.ts';
import { TestHolder } from './test-holder.ts';

export const RELEASE = fileURLToPath(new URL('../build/Release/', import.meta.url));
export const SUPERVISOR = join(RELEASE, 'supervisor');
export const ENTER = join(RELEASE, 'enter');
export const INIT = join(RELEASE, 'init');
const APPLETS =
  'sh sleep ls cat echo id ps mount umount head true getty hostname ip grep stty mknod unshare kill readlink touch wc nc rm mkdir rmdir cp tr tail'.split(
    ' ',
  );

export type Entry = [key: string, value: string | number];

/** A folder under /tmp with a busybox image, for guests of one test file; nothing of it is left after dispose. */
export class TestGround {
  readonly dir = mkdtempSync('/tmp/berth-native-');
  readonly group = `berth-t${process.pid}`;
  readonly image = join(this.dir, 'image');
  /** Stopped at the end, also when a test that failed did not. */
  readonly guests: TestGuest[] = [];

  constructor() {
    for (const folder of ['bin', 'etc', 'root']) mkdirSync(join(this.image, folder), { recursive: true });
    copyFileSync('/bin/busybox', join(this.image, 'bin/busybox'));
    for (const applet of APPLETS) symlinkSync('busybox', join(this.image, 'bin', applet));
    writeFileSync(
      join(this.image, 'etc/passwd'),
      'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\nodd:x:7:7::/:/bin/nosh\n',
    );
    writeFileSync(join(this.image, 'etc/group'), 'root:x:0:\nuser:x:1000:\nwheel:x:10:user\n');
  }

  /** Remove the folder and what the supervisors share, their group and the parents of the guests', once the last has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const guest of this.guests) await guest.stop();
    for (const mount of cgroupMounts()) {
      const group = join(mount, this.group);
      const procs = join(group, 'supervisors/cgroup.procs');
      await until(`${procs} is empty`, () => !existsSync(procs) || readFileSync(procs, 'utf8') === '');
      for (const folder of ['guests', 'supervisors', ''])
        if (existsSync(join(group, folder))) rmdirSync(join(group, folder));
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Mount points of all hierarchies of this host. */
export function cgroupMounts(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');
}

/** `key=value` entries, each ended by a NUL. */
export function readEntries(file: string): Record<string, string> {
  return Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

/** Call until it holds; throws when it does not within the deadline (ms). */
export async function until(what: string, holds: () => boolean, deadline = 10_000): Promise<void> {
  const end = Date.now() + deadline;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${deadline} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function collect(child: ChildProcess): Promise<string> {
  const pipe = child.stdio[4];
  if (!(pipe && 'read' in pipe)) throw new Error('no report pipe');
  return new Promise((resolve, reject) => {
    let text = '';
    pipe.on('data', (bytes: Buffer) => {
      text += bytes;
    });
    pipe.on('end', () => resolve(text));
    pipe.on('error', reject);
  });
}

let serial = 0;

export class TestGuest {
  readonly id = `berth-t${process.pid}-${++serial}`;
  readonly runDir: string;
  readonly guestDir: string;
  readonly cgroup: string;
  readonly spec: Entry[];
  private readonly ground: TestGround;

  constructor(ground: TestGround, kind: 'application' | 'system', command: string[], more: Entry[] = []) {
    const wall = walls[kind];
    this.ground = ground;
    ground.guests.push(this);
    this.runDir = join(ground.dir, `run-${serial}`);
    this.guestDir = join(ground.dir, `guest-${serial}`);
    this.cgroup = `${ground.group}/guests/${this.id}`;
    for (const layer of ['upper', 'work']) mkdirSync(join(this.guestDir, layer), { recursive: true });
    this.spec = [
      ['version', 1],
      ['id', this.id],
      ['hostname', 'berth-test'],
      ['kind', kind],
      ['run_dir', this.runDir],
      ['image_root', ground.image],
      ['guest_dir', this.guestDir],
      ...command.map((word): Entry => ['arg', word]),
      ['env', 'PATH=/bin'],
      ['id_base', 1_310_720_000],
      ['cgroup', this.cgroup],
      ['supervisor_cgroup', `${ground.group}/supervisors`],
      ['memory_bytes', 256 * 1024 * 1024],
      ['pids', wall.pids],
      ['stop_signal', 15],
      ['stop_timeout_ms', 2000],
      ['seccomp', join(RELEASE, 'seccomp', wall.seccomp)],
      ['capabilities', wall.capabilities],
      ['no_new_privs', wall.noNewPrivs ? 1 : 0],
      ...wall.devices.map((device): Entry => ['device', device]),
      ...wall.bindDevices.map((name): Entry => ['bind_device', name]),
      ...walls.mask.map((path): Entry => ['mask', path]),
      ...walls.readOnly.map((path): Entry => ['read_only', path]),
      ...wall.procOptions.map((option): Entry => ['proc_option', option]),
      ...more,
    ];
  }

  /** Replace a value of the spec. */
  set(key: string, value: string | number): this {
    const entry = this.spec.find(([name]) => name === key);
    if (entry) entry[1] = value;
    else this.spec.push([key, value]);
    return this;
  }

  /** Where this host has FILE of the guest's cgroup; `cgroup.` is v2's. */
  cgroupFile(file: string): string {
    const path = cgroupMounts()
      .map((mount) => join(mount, this.cgroup, file))
      .find((one) => existsSync(one));
    if (!path) throw new Error(`no hierarchy has ${file}`);
    return path;
  }

  /** Start it; the lines of the report. */
  async start(): Promise<string[]> {
    const file = join(this.ground.dir, `${this.id}.spec`);
    writeFileSync(file, this.spec.map(([key, value]) => `${key}=${value}\0`).join(''));
    const spec = openSync(file, 'r');
    const child = spawn(SUPERVISOR, [], { stdio: ['ignore', 'ignore', 'inherit', spec, 'pipe'] });
    closeSync(spec);
    return (await collect(child)).trimEnd().split('\n');
  }

  /** Start it, or throw what the supervisor said. */
  async running(): Promise<this> {
    const report = await this.start();
    if (!report.at(-1)?.startsWith('ready ')) throw new Error(report.join('\n'));
    return this;
  }

  get state(): Record<string, string> {
    return readEntries(join(this.runDir, FileName.state));
  }

  get exit(): Record<string, string> {
    return readEntries(join(this.runDir, FileName.exit));
  }

  /** Run a command inside, by `enter exec`. */
  exec(
    command: string[],
    options: string[] = [],
    input = '',
  ): { status: number | null; stdout: string; stderr: string } {
    const order = this.order(command, options);
    try {
      return spawnSync(ENTER, ['exec', '--run-dir', this.runDir], {
        encoding: 'utf8',
        input,
        timeout: 120_000,
        stdio: ['pipe', 'pipe', 'pipe', order],
      });
    } finally {
      closeSync(order);
    }
  }

  /** What `enter` reads from its descriptor 3; `options` are pairs such as `--env`, `A=b`. */
  private order(command: string[], options: string[]): number {
    const file = join(this.ground.dir, `${this.id}.order`);
    const entries = command.map((word) => `arg=${word}\0`);
    for (let at = 0; at < options.length; at += 2) {
      entries.push(`${options[at]?.replace('--', '')}=${options[at + 1]}\0`);
    }
    writeFileSync(file, entries.join(''));
    return openSync(file, 'r');
  }

  sh(script: string, options: string[] = []) {
    return this.exec(['/bin/sh', '-c', script], options);
  }

  /** Open a shell's holder; the lines of the report. */
  async session(dir: string, options: string[] = [], command: string[] = []): Promise<string[]> {
    const child = spawn(
      ENTER,
      ['session', '--run-dir', this.runDir, '--session-dir', dir, ...options, '--', ...command],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ignore', 'pipe'],
      },
    );
    return (await collect(child)).trimEnd().split('\n');
  }

  /** Stop it if it runs, and wait until its supervisor says that all is gone. */
  async stop(force = true, timeoutMs = 2000): Promise<void> {
    if (!existsSync(join(this.runDir, FileName.socket))) return;
    try {
      const holder = await TestHolder.connect(this.runDir, 'monitor');
      holder.stop(force, timeoutMs);
      await holder.exited;
    } catch {
      // It was at its end already and took no more calls; the socket goes last.
      await until(`${this.id} has ended`, () => !existsSync(join(this.runDir, FileName.socket)));
    }
  }

  /** What a stop must not leave. */
  leftovers(): string[] {
    const groups = cgroupMounts()
      .map((mount) => join(mount, this.cgroup))
      .filter((path) => existsSync(path));
    const files = existsSync(this.runDir)
      ? readdirSync(this.runDir).filter((name) => name !== FileName.exit && name !== FileName.ring)
      : [];
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(this.guestDir));
    return [...groups, ...files, ...mounts];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
