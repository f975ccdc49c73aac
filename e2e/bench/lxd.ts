import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runProgram } from './run-program.ts';

const PRESEED = `storage_pools:
- name: default
  driver: dir
profiles:
- name: default
  devices:
    root: {path: /, pool: default, type: disk}
`;

/** Debian's LXD in a folder of its own, for the time of the benchmark. */
export class Lxd implements AsyncDisposable {
  readonly #dir: string;
  readonly #daemon: ChildProcess;

  private constructor(dir: string, daemon: ChildProcess) {
    this.#dir = dir;
    this.#daemon = daemon;
  }

  static async start(dir: string, root: string): Promise<Lxd> {
    mkdirSync(dir, { recursive: true });
    const daemon = spawn('lxd', ['--group', 'root'], {
      env: { ...process.env, LXD_DIR: dir },
      stdio: 'ignore',
    });
    const lxd = new Lxd(dir, daemon);
    await lxd.#run(['lxd', 'waitready', '--timeout=60']);
    const preseed = path.join(dir, '..', 'lxd-preseed');
    writeFileSync(preseed, PRESEED);
    await lxd.#run(['sh', '-c', `lxd init --preseed < ${preseed}`]);
    const metadata = path.join(dir, '..', 'metadata.yaml');
    writeFileSync(
      metadata,
      'architecture: x86_64\ncreation_date: 1700000000\nproperties: {description: bench, os: busybox, release: mini}\n',
    );
    const image = path.join(dir, '..', 'lxd-image.tar.gz');
    await lxd.#run([
      'tar',
      '-C',
      path.dirname(root),
      '--transform',
      `s,^${path.basename(root)},rootfs,`,
      '-czf',
      image,
      path.basename(metadata),
      path.basename(root),
    ]);
    await lxd.#run(['lxc', 'image', 'import', image, '--alias', 'bench']);
    return lxd;
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

  async [Symbol.asyncDispose](): Promise<void> {
    const names = (await this.#run(['lxc', 'list', '-c', 'n', '--format', 'csv']))
      .split('\n')
      .filter(Boolean);
    for (const name of names) await this.#run(['lxc', 'delete', '--force', name]);
    await this.#run(['lxc', 'image', 'delete', 'bench']);
    this.#daemon.kill('SIGTERM');
    await once(this.#daemon, 'exit');
  }
}
