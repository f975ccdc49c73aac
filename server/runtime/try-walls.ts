import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { NativeError } from '../../native/lib/native-error.ts';
import { answersOf, type HostValues, linesOf, type Probe } from '../../native/probe/probe.ts';
import { PROBES } from '../../native/probe/probes.ts';
import type { ProbeProgress } from '../guest/probe-schema.ts';
import { execInGuest } from './exec-process.ts';
import type { WallSubject, WallTrial } from './port.ts';

/** Some 400 probes take a fraction of a second; a guest that has little CPU, or a busy host, takes longer. */
const MOST_MS = 60_000;
/** Bytes of answers: a probe answers with a word. */
const MOST_OUTPUT = 256 * 1024;
const NAMESPACES = ['user', 'net', 'ipc', 'uts', 'pid', 'cgroup', 'time', 'mnt'];

interface Places {
  nativeDir: string;
  runDir: string;
}

/**
 * Run native/probe in a guest, behind its walls and within its limits, and tell what each probe answered. Throws NativeError
 * `ETIMEDOUT` when nothing at all was answered in time.
 */
export async function tryWalls(
  guest: WallSubject,
  { nativeDir, runDir, onProgress }: Places & { onProgress?: (progress: ProbeProgress) => void },
): Promise<WallTrial[]> {
  const probes = PROBES.filter(({ held }) => held[guest.kind] !== null);
  const socket = `berth-probe-${randomBytes(8).toString('hex')}`;
  await using _listening = await listenAt(socket);
  const values = { socket, ...(await inodes()) };
  const tried = probes.filter((probe) => !(guest.learning && isLearnt(probe)));
  const tell = (done: number) =>
    onProgress?.({ done, total: tried.length, group: tried[Math.min(done, tried.length - 1)]?.group ?? '' });
  tell(0);
  const answers = answersOf(await run(tried, { nativeDir, runDir, values, tell }));
  return probes.map(({ id, group, title, cve, held, nesting, nothing, opens }): WallTrial => {
    const also = guest.nesting && nesting ? [nesting] : [];
    return {
      id,
      group,
      title,
      cve,
      held: [held[guest.kind] ?? '', ...also],
      nothing,
      opens,
      answer: answers.get(id) ?? null,
    };
  });
}

/** What native/protocol/seccomp/log.txt lets through and writes down: all that nesting permits too. */
function isLearnt({ wall, group }: Probe): boolean {
  return group === 'namespaces and mounts' && wall !== 'x32';
}

/** A socket that nobody in a network namespace of their own can reach. */
async function listenAt(name: string): Promise<AsyncDisposable> {
  const server = createServer((connection) => connection.destroy()).listen(`\0${name}`);
  await once(server, 'listening');
  return {
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Of the host's namespaces, which are the server's. */
async function inodes(): Promise<HostValues> {
  const found: Record<string, string> = {};
  for (const type of NAMESPACES) {
    const link = await readlink(`/proc/self/ns/${type}`).catch(() => '');
    found[type] = /\d+/.exec(link)?.[0] ?? '0';
  }
  return found;
}

async function run(
  probes: readonly Probe[],
  { nativeDir, runDir, values, tell }: Places & { values: HostValues; tell: (done: number) => void },
): Promise<string> {
  const spec = {
    user: '0',
    workdir: '/',
    environment: {},
    command: ['berth-probe'],
    program: join(nativeDir, 'probe'),
  };
  const program = await execInGuest(join(nativeDir, 'enter'), { runDir, spec });
  const timer = setTimeout(() => program.kill('SIGKILL'), MOST_MS);
  try {
    let output = '';
    let words = '';
    let done = 0;
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length >= MOST_OUTPUT) return;
      output += text;
      // A line for each probe, in their order.
      done += text.split('\n').length - 1;
      tell(Math.min(done, probes.length));
    });
    program.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (words.length < MOST_OUTPUT) words += text;
    });
    // It ended before it had read all: what it answered is told.
    program.stdin.on('error', () => undefined).end(linesOf(probes, values));
    const { status } = await program.exit;
    if (output === '') {
      const [code, action] = status === null ? ['ETIMEDOUT', 'answer'] : ['EIO', words.trim() || 'answer'];
      throw new NativeError({ code, action, path: spec.program });
    }
    return output;
  } finally {
    clearTimeout(timer);
  }
}
