import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../suites/run-command.ts';

export interface VmImage {
  /** Folder that build-image.sh made. */
  folder: string;
}

export interface VmJob {
  /** Becomes `at` in the machine, writable there, and nothing of it comes back. */
  tree: string;
  at: string;
  /** Bash, run as root in `at`. */
  script: string;
  timeoutMs: number;
  /** With what others leave of the processor. */
  aside: boolean;
  onOutput(text: string): void;
}

/**
 * Boot a throw-away machine from the image, run one script in it and power it off: systemd, cgroup v2, no network. It is
 * emulated where the processor cannot help, and 20 to 40 times slower then. Returns the script's status; 124 when it took
 * too long, 125 when the machine ended without a word (its boot messages went to `onOutput`).
 */
export async function runInVm(image: VmImage, job: VmJob): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'berth-vm-'));
  try {
    writeFileSync(path.join(folder, 'at'), job.at);
    return await boot(image, job, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function boot(image: VmImage, job: VmJob, folder: string): Promise<number> {
  const disk = path.join(folder, 'job.img');
  await makeDisk(job, disk);
  const root = path.join(folder, 'root.qcow2');
  const backing = path.join(image.folder, 'root.img');
  await must('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', backing, '-F', 'raw', root]);
  const output = path.join(folder, 'output');
  const boots = path.join(folder, 'console');
  for (const file of [output, boots]) writeFileSync(file, '');
  const qemu = ['qemu-system-x86_64', ...arguments_(image, { root, disk, output, boots })];
  const [program = '', ...args] = job.aside ? ['nice', '-n', '19', ...qemu] : qemu;
  const machine = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let words = '';
  machine.stderr.on('data', (chunk) => {
    words += chunk;
  });
  const ended = once(machine, 'exit');
  const timer = setTimeout(() => machine.kill('SIGKILL'), job.timeoutMs);
  const stop = () => machine.kill('SIGKILL');
  process.once('exit', stop);
  try {
    const text = await follow(output, ended, job.onOutput);
    const status = /^vm-status (\d+)/m.exec(text)?.[1];
    if (status !== undefined) return Number(status);
    job.onOutput(`${words}\n${(await readTail(boots)).slice(-4000)}\n`);
    return machine.signalCode === 'SIGKILL' ? 124 : 125;
  } finally {
    clearTimeout(timer);
    process.off('exit', stop);
    stop();
  }
}

/** The tree, where it goes and what to do with it, as one file system. */
async function makeDisk(job: VmJob, disk: string): Promise<void> {
  const content = mkdtempSync(path.join(path.dirname(disk), 'content-'));
  writeFileSync(path.join(content, 'at'), job.at);
  writeFileSync(path.join(content, 'job'), job.script);
  await must('mv', [job.tree, path.join(content, 'tree')]);
  const free = statfsSync(content);
  const kib = Math.min(4 * 1024 * 1024, Math.floor((free.bavail * free.bsize) / 2048));
  const options = [
    '-q',
    '-F',
    '-m',
    '0',
    '-O',
    '^has_journal,^metadata_csum,^resize_inode',
    '-E',
    'nodiscard',
  ];
  await must('mkfs.ext4', [...options, '-d', content, disk, `${kib}k`]);
  rmSync(content, { recursive: true });
}

function arguments_(
  image: VmImage,
  files: { root: string; disk: string; output: string; boots: string },
): string[] {
  const append = [
    'console=ttyS0 quiet loglevel=4 systemd.show_status=false panic=-1 tsc=reliable random.trust_cpu=on',
    'net.ifnames=0 audit=0 clearcpuid=rep_good mitigations=off cryptomgr.notests',
    `systemd.machine_id=${'0123456789abcdef'.repeat(2)}`,
  ];
  const drive = (file: string, format: string, name: string) => [
    '-blockdev',
    `driver=file,filename=${file},node-name=f${name},cache.no-flush=on`,
    '-blockdev',
    `driver=${format},file=f${name},node-name=b${name}`,
    '-device',
    `virtio-blk-pci,drive=b${name}`,
  ];
  return [
    ...['-M', 'q35,usb=off,vmport=off,smbus=off', '-m', '2048', '-smp', '2'],
    ...['-accel', 'tcg,thread=multi', '-cpu', 'max,la57=off,-svm,-erms,-fsrm,-smap,-smep,-pku'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-vga', 'none', '-no-reboot', '-nic', 'none'],
    ...['-kernel', path.join(image.folder, 'vmlinuz'), '-initrd', path.join(image.folder, 'initrd')],
    ...['-append', append.join(' ')],
    ...drive(files.root, 'qcow2', 'root'),
    ...drive(files.disk, 'raw', 'job'),
    ...['-device', 'virtio-rng-pci'],
    ...['-serial', `file:${files.boots}`, '-serial', `file:${files.output}`],
  ];
}

/** What comes into a file until `ended`. */
async function follow(
  file: string,
  ended: Promise<unknown>,
  onText: (text: string) => void,
): Promise<string> {
  let running = true;
  void ended.then(() => {
    running = false;
  });
  await using handle = await open(file);
  let all = '';
  for (;;) {
    const last = !running;
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536));
    const text = buffer.toString('utf8', 0, bytesRead).replaceAll('\r\n', '\n');
    all += text;
    if (text) onText(text);
    else if (last) return all;
    else await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 200))]);
  }
}

async function readTail(file: string): Promise<string> {
  await using handle = await open(file);
  return (await handle.readFile('utf8')).toString();
}

async function must(program: string, args: string[]): Promise<void> {
  const { status, output } = await runCommand('/', [program, ...args]);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${output}`);
}
