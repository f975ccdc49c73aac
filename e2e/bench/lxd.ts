import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { groupCleaner } from './peer-groups.ts';
import { runProgram } from './run-program.ts';

const PRESEED = `storage_pools:
- name: default
  driver: dir
profiles:
- name: default
  devices:
    root: {path: /, pool: default, type: disk}
`;

/** ms that its server has to end, before it is killed. */
const PATIENCE = 20_000;

/** Debian's LXD in a folder of its own, for the time of the benchmark. */
export class Lxd implements AsyncDisposable {
  readonly #dir: string;
  readonly #daemon: ChildProcess;
  readonly #cleanGroups = groupCleaner();
  /** Why the server could not be run; null while it runs. */
  #fault: string | null = null;

  private constructor(dir: string) {
    this.#dir = dir;
    this.#daemon = spawn('lxd', ['--group', 'root'], {
      env: { ...process.env, LXD_DIR: dir },
      stdio: 'ignore',
    });
    this.#daemon.on('error', (error) => {
      this.#fault = error.message;
    });
  }

  /** Throws when it does not come up here; nothing is left of it then. */
  static async start(dir: string, root: string): Promise<Lxd> {
    mkdirSync(dir, { recursive: true });
    const lxd = new Lxd(dir);
    try {
      await lxd.#run(['lxd', 'waitready', '--timeout=60']);
      await lxd.#prepare(root);
      return lxd;
    } catch (error) {
      const fault = lxd.#fault;
      await lxd[Symbol.asyncDispose]();
      throw fault === null ? error : new Error(fault);
    }
  }

  /** A storage pool and the image. */
  async #prepare(root: string): Promise<void> {
    const beside = (name: string) => path.join(this.#dir, '..', name);
    writeFileSync(beside('lxd-preseed'), PRESEED);
    await this.#run(['sh', '-c', `lxd init --preseed < ${beside('lxd-preseed')}`]);
    writeFileSync(
      beside('metadata.yaml'),
      'architecture: x86_64\ncreation_date: 1700000000\nproperties: {description: bench, os: busybox, release: mini}\n',
    );
    const naming = ['--transform', `s,^${path.basename(root)},rootfs,`];
    const from = ['-C', path.dirname(root), 'metadata.yaml', path.basename(root)];
    await this.#run(['tar', ...naming, '-czf', beside('lxd-image.tar.gz'), ...from]);
    await this.#run(['lxc', 'image', 'import', beside('lxd-image.tar.gz'), '--alias', 'bench']);
  }

  #run(command: string[]): Promise<string> {
    return runProgram(command, { environment: { LXD_DIR: this.#dir } });
  }

  init = (name: string) =>
    this.#run(['lxc', 'init', 'bench', name, '-c', 'limits.memory=256MiB', '-c', 'limits.processes=512']);
  begin = (name: string) => this.#run(['lxc', 'start', name]);
  exec = (name: string) => this.#run(['lxc', 'exec', name, '--', 'true']);
  stop = (name: string) => this.#run(['lxc', 'stop', '--force', name]);
  remove = (name: string) => this.#run(['lxc', 'delete', name]);
  list = () => this.#run(['lxc', 'list']);

  /** Pids of its server and of the monitors of its guests. */
  pids(): { server: number[]; monitors: number[] } {
    const all = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    const command = (pid: number) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    };
    return {
      server: [this.#daemon.pid ?? 0],
      monitors: all.filter((pid) => command(pid).startsWith(`[lxc monitor] ${this.#dir}`)),
    };
  }

  /** Every step is tried, whatever the one before it did. */
  async [Symbol.asyncDispose](): Promise<void> {
    const tried = (command: string[]) => this.#run(command).catch(() => '');
    const names = (await tried(['lxc', 'list', '-c', 'n', '--format', 'csv'])).split('\n').filter(Boolean);
    for (const name of names) await tried(['lxc', 'delete', '--force', name]);
    await this.#end();
    for (const mount of this.#mounts()) await tried(['umount', '-l', mount]);
    this.#cleanGroups();
  }

  async #end(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon.pid === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const gone = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    const hard = setTimeout(() => daemon.kill('SIGKILL'), PATIENCE);
    await gone;
    clearTimeout(hard);
  }

  /** What it mounted in its folder, innermost first. */
  #mounts(): string[] {
    return readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((mount) => mount.startsWith(`${this.#dir}/`))
      .reverse();
  }
}
