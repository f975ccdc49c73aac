import { spawn } from 'node:child_process';
import { rename, rm, writeFile } from 'node:fs/promises';
import { arch, release } from 'node:os';
import { join } from 'node:path';
import walls from '../../native/protocol/walls.json' with { type: 'json' };
import { childEnv } from '../child/child-env.ts';
import { AppError } from '../errors/app-error.ts';
import { capabilitiesOf } from '../guest/capability-schema.ts';
import { type OciSeccomp, ociSeccomp } from '../guest/seccomp-schema.ts';
import { capabilityMask } from './capability-mask.ts';
import type { SeccompSubject } from './port.ts';
import { seccompList } from './seccomp-list.ts';
import { wallsOf } from './walls-of.ts';

/** A profile of 8,192 calls is compiled in some 100 ms; a machine under load may be that much slower. */
const TIME_LIMIT_MS = 20_000;
/** BPF_MAXINSNS instructions of 8 bytes. */
const MOST_BYTES = 4096 * 8;
const FIELD = ['isolation', 'seccomp', 'profile'] as const;

/** Where the filter of a guest is: of its kind, made by the build, or of its profile, in its own folder. Pure. */
export function seccompPath(
  { kind, isolation }: SeccompSubject,
  { nativeDir, guestDir }: { nativeDir: string; guestDir: string },
): string {
  const { mode } = isolation.seccomp;
  if (mode === 'profile') return join(guestDir, 'seccomp.bpf');
  const nests = mode === 'nesting' || (mode === 'default' && isolation.nesting);
  const usual = nests ? 'nesting.bpf' : walls[kind].seccomp;
  return join(nativeDir, 'seccomp', mode === 'log' ? `log-${kind}.bpf` : usual);
}

/**
 * Compile the profile of a guest; null when it has none. `warnings`: what of it cannot be done as it says, among that the calls that this host's
 * libseccomp does not know. Throws AppError `bad_input` when no filter, or no set of
 * capabilities, can be made of what it asks for.
 */
export async function compileSeccomp(
  { kind, isolation }: SeccompSubject,
  nativeDir: string,
): Promise<{ filter: Buffer; warnings: string[] } | null> {
  const mask = capabilityMask(wallsOf({ kind, isolation }).capabilities, isolation);
  if (isolation.seccomp.mode !== 'profile') return null;
  const { text, warnings } = seccompList(checked(isolation.seccomp.profile), {
    architecture: arch(),
    kernel: release(),
    capabilities: capabilitiesOf(mask),
  });
  const { filter, notes } = await compile(join(nativeDir, 'seccomp-compile'), text);
  const unknown = notes.flatMap((line) => /unknown (\S+)$/.exec(line)?.[1] ?? []);
  if (unknown.length > 0) {
    warnings.push(`not known on this host, so as all that the profile does not name: ${unknown.join(', ')}`);
  }
  return { filter, warnings };
}

/** Put the filter of a guest's profile where `seccompPath` says; does nothing for a guest without one. */
export async function writeSeccomp(
  subject: SeccompSubject,
  place: { nativeDir: string; guestDir: string },
): Promise<void> {
  const path = join(place.guestDir, 'seccomp.bpf');
  const compiled = await compileSeccomp(subject, place.nativeDir);
  if (!compiled) {
    await rm(path, { force: true });
    return;
  }
  // Whole or not at all: a shell that is entered reads it too.
  await writeFile(`${path}.new`, compiled.filter, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Rows may be older than the schema. */
function checked(profile: unknown): OciSeccomp {
  const { data, error } = ociSeccomp.safeParse(profile);
  if (data) return data;
  const [issue] = error.issues;
  const field = [...FIELD, ...(issue?.path ?? []).map((part) => (typeof part === 'symbol' ? '' : part))];
  throw new AppError('bad_input', issue?.message ?? 'the profile is not one of OCI', { field });
}

function compile(program: string, list: string): Promise<{ filter: Buffer; notes: string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-', '-'], {
      env: childEnv({}),
      cwd: '/',
      stdio: 'pipe',
      timeout: TIME_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    let notes = '';
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      notes += text;
    });
    // It may end before it has read all, and tells why on its standard error.
    child.stdin.on('error', () => undefined).end(list);
    child.on('error', reject);
    child.on('close', (status, signal) => {
      const filter = Buffer.concat(output);
      const lines = notes.trim().split('\n');
      if (status === 0 && filter.length > 0 && filter.length <= MOST_BYTES) {
        resolve({ filter, notes: lines });
        return;
      }
      const why =
        signal === null
          ? (lines.at(-1) ?? '').replace(/^seccomp-compile: /, '')
          : `it took more than ${TIME_LIMIT_MS / 1000} s`;
      reject(
        new AppError('bad_input', `no filter can be made of the seccomp profile: ${why}`, { field: FIELD }),
      );
    });
  });
}
