import { rename, writeFile } from 'node:fs/promises';
import { arch, release } from 'node:os';
import { join } from 'node:path';
import walls from '../../native/protocol/walls.json' with { type: 'json' };
import { AppError } from '../errors/app-error.ts';
import { capabilitiesOf } from '../guest/capability-schema.ts';
import { type OciSeccomp, ociSeccomp } from '../guest/seccomp-schema.ts';
import { capabilityMask } from './capability-mask.ts';
import type { SeccompSubject } from './port.ts';
import { seccompList } from './seccomp-list.ts';
import { runSeccompTool } from './seccomp-tool.ts';
import { wallsOf } from './walls-of.ts';

const FIELD = ['isolation', 'seccomp', 'profile'] as const;

const profileFilterPath = (guestDir: string) => join(guestDir, 'seccomp.bpf');

/** Where the filter of a guest is: of its kind, made by the build, or of its profile, in its own folder. Pure. */
export function seccompPath(
  { kind, isolation }: SeccompSubject,
  { nativeDir, guestDir }: { nativeDir: string; guestDir: string },
): string {
  const { mode } = isolation.seccomp;
  if (mode === 'profile') return profileFilterPath(guestDir);
  const nests = mode === 'nesting' || (mode === 'default' && isolation.nesting);
  const usual = nests ? 'nesting.bpf' : walls[kind].seccomp;
  return join(nativeDir, 'seccomp', mode === 'log' ? `log-${kind}.bpf` : usual);
}

/**
 * Compile the profile of a guest; null when it has none. `warnings`: what of it cannot be done as it says, among that the
 * calls that this host's libseccomp does not know. Throws AppError `bad_input` when no filter, or no set of capabilities,
 * can be made of what it asks for.
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
  const { output, notes, why } = await runSeccompTool(nativeDir, ['-', '-'], text);
  if (why !== null) {
    const message = `no filter can be made of the seccomp profile: ${why}`;
    throw new AppError('bad_input', message, { field: FIELD });
  }
  const unknown = notes.flatMap((line) => /unknown (\S+)$/.exec(line)?.[1] ?? []);
  if (unknown.length > 0) {
    warnings.push(`not known on this host, so as all that the profile does not name: ${unknown.join(', ')}`);
  }
  for (const line of notes) {
    const [, abi, call] = /conflict (\S+) (\S+)$/.exec(line) ?? [];
    if (call) warnings.push(`${call} is refused on the ABI ${abi}: its rules cannot be told apart there`);
  }
  return { filter: output, warnings };
}

/** Where a guest whose filter only logs gathers what was logged. Pure. */
export function learnedPath(guestDir: string): string {
  return join(guestDir, 'learned');
}

/** What of an earlier run a guest that is started does not need any more: the filter of a profile, what it learnt. Pure. */
export function staleFiles({ isolation }: SeccompSubject, guestDir: string): string[] {
  const { mode } = isolation.seccomp;
  return [
    ...(mode === 'profile' ? [] : [profileFilterPath(guestDir)]),
    ...(mode === 'log' ? [] : [learnedPath(guestDir)]),
  ];
}

/** Put the filter of a guest's profile where `seccompPath` says, if it has one. */
export async function writeSeccomp(
  subject: SeccompSubject,
  place: { nativeDir: string; guestDir: string },
): Promise<void> {
  const compiled = await compileSeccomp(subject, place.nativeDir);
  if (!compiled) return;
  const path = profileFilterPath(place.guestDir);
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
