import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { answersOf, type HostValues, heldAnswer, linesOf, type Probe, type Subject } from '../probe/probe.ts';
import { PROBES } from '../probe/probes.ts';
import { ENTER, RELEASE, type TestGround, type TestGuest } from './test-guest.ts';

export const PROBE = join(RELEASE, 'probe');
/** An errno that no kernel answers with: what gives it is a filter made for it. */
export const MARK = '4001';

/** What only the host knows, with a socket that it listens at. */
export class Host implements AsyncDisposable {
  readonly values: HostValues;
  readonly #server: Server;

  constructor() {
    const socket = `berth-probe-${process.pid}`;
    this.#server = createServer().listen(`\0${socket}`);
    const types = ['user', 'net', 'ipc', 'uts', 'pid', 'cgroup', 'time', 'mnt'];
    this.values = { socket, ...Object.fromEntries(types.map((type) => [type, inodeOf(type)])) };
  }

  /** The answers of a guest, by the probes' ids. */
  ask(guest: TestGuest, probes: readonly Probe[] = PROBES): Map<string, string> {
    return this.enter(guest, [], probes);
  }

  /** The same of a command that runs the program. */
  run(command: string[], probes: readonly Probe[]): Map<string, string> {
    const { stdout, stderr } = spawnSync(command[0] ?? '', command.slice(1), {
      encoding: 'utf8',
      input: linesOf(probes, this.values),
    });
    return all(probes, stdout, stderr);
  }

  /** The answers of a guest that is entered by a command before `enter`. */
  enter(guest: TestGuest, before: string[], probes: readonly Probe[]): Map<string, string> {
    const file = join(guest.guestDir, 'order');
    writeFileSync(
      file,
      ['arg=berth-probe', 'user=0', `program=${PROBE}`].map((entry) => `${entry}\0`).join(''),
    );
    const order = openSync(file, 'r');
    try {
      const [command = '', ...args] = [...before, ENTER, 'exec', '--run-dir', guest.runDir];
      const { stdout, stderr } = spawnSync(command, args, {
        encoding: 'utf8',
        input: linesOf(probes, this.values),
        stdio: ['pipe', 'pipe', 'pipe', order],
      });
      return all(probes, stdout, stderr);
    } finally {
      closeSync(order);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function inodeOf(type: string): string {
  return /\d+/.exec(readlinkSync(`/proc/self/ns/${type}`))?.[0] ?? '';
}

function all(probes: readonly Probe[], stdout: string, stderr: string): Map<string, string> {
  const answers = answersOf(stdout);
  if (answers.size !== probes.length) {
    throw new Error(`${answers.size} of ${probes.length} probes answered: ${stderr}\n${stdout.slice(-200)}`);
  }
  return answers;
}

/** Probes that did not answer as a wall that holds does, for a guest of this kind: `id: answer, not answer`. */
export function red(
  answers: Map<string, string>,
  subject: Subject,
  probes: readonly Probe[] = PROBES,
): string[] {
  return probes.flatMap((probe) => {
    const held = heldAnswer(probe, subject);
    const answer = answers.get(probe.id) ?? 'nothing';
    if (held === null || answer === held || probe.nothing.includes(answer)) return [];
    return [`${probe.id}: ${answer}, not ${held}`];
  });
}

/** Probes that have something to try on this host and of this wall, as answered by a guest that has it. */
export function ofWall(wall: Probe['wall'], held: Map<string, string>, subject: Subject): Probe[] {
  return PROBES.filter(
    (probe) =>
      probe.wall === wall &&
      heldAnswer(probe, subject) !== null &&
      !probe.nothing.includes(held.get(probe.id) ?? ''),
  );
}

/** A filter made of lists in native/protocol/seccomp, and of what `change` makes of them. */
export function compileFilter(
  ground: TestGround,
  { name, lists, change }: { name: string; lists: string[]; change: (text: string) => string },
): string {
  const text = lists.map((list) => readFileSync(join(RELEASE, `../../protocol/seccomp/${list}.txt`), 'utf8'));
  const out = join(ground.dir, `${name}.bpf`);
  const { status, stderr } = spawnSync(join(RELEASE, 'seccomp-compile'), [out, '-'], {
    encoding: 'utf8',
    input: change(text.join('\n')),
  });
  if (status !== 0) throw new Error(stderr);
  return out;
}

/** Lets every call through but those of x32, which get MARK: the kernel may have none itself. */
export function openFilter(ground: TestGround): string {
  const out = join(ground.dir, 'open.bpf');
  const instructions: [code: number, ifTrue: number, ifFalse: number, value: number][] = [
    [0x20, 0, 0, 0], // load the call's number
    [0x35, 0, 1, 0x40000000], // at least that
    [0x06, 0, 0, 0x00050000 | Number(MARK)], // an errno
    [0x06, 0, 0, 0x7fff0000], // allowed
  ];
  const bytes = Buffer.alloc(instructions.length * 8);
  for (const [at, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(ifTrue, at * 8 + 2);
    bytes.writeUInt8(ifFalse, at * 8 + 3);
    bytes.writeUInt32LE(value, at * 8 + 4);
  }
  writeFileSync(out, bytes);
  return out;
}

/** Lists of a kind whose every refusal has MARK for its errno. */
export function markFilter(ground: TestGround, kind: string): string {
  return compileFilter(ground, {
    name: `mark-${kind}`,
    lists: ['common', kind],
    change: (text) => `${text.replace(/^(errno|never) \w+/gm, `$1 ${MARK}`)}\ndefault errno ${MARK}\n`,
  });
}

const KEYRING = `
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char** argv) {
  if (syscall(SYS_keyctl, 1 /* join a session keyring */, 0) < 0) return 1;
  execv(argv[1], argv + 1);
  return 2;
}
`;

/** A command that runs another one with a session keyring of root of the host. */
export function runWithKeyring(ground: TestGround, command: string[]): string[] {
  const program = join(ground.dir, 'with-keyring');
  if (!existsSync(program)) {
    writeFileSync(`${program}.c`, KEYRING);
    execFileSync('gcc', ['-O1', '-o', program, `${program}.c`]);
  }
  return [program, ...command];
}

/** `c 10:229 rw`: a device as the wire names it. */
export function deviceNumbers(facts: Stats, access: string): string {
  const major = (facts.rdev >> 8) & 0xfff;
  const minor = (facts.rdev & 0xff) | ((facts.rdev >> 12) & 0xfff00);
  return `${facts.isBlockDevice() ? 'b' : 'c'} ${major}:${minor} ${access}`;
}
