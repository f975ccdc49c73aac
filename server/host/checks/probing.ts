import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostCheck } from '../check-schema.ts';

/** What the checks look at. */
export interface Probing {
  /** Before every absolute path that is read: another folder in tests. */
  root: string;
  /** Where guests' layers are or would be: an existing folder. */
  folder: string;
  /** `RuntimePort.whyNot`. */
  whyNot: (probe: string) => Promise<string | null>;
}

/** A file's text without the newline at its end; null when it cannot be read. */
export function textOf({ root }: Probing, path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8').trimEnd();
  } catch {
    return null;
  }
}

/** A file's number; null when there is none. */
export function numberOf(probing: Probing, path: string): number | null {
  const text = textOf(probing, path);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

/** Names in a folder; none when it cannot be read. */
export function namesOf({ root }: Probing, path: string): string[] {
  try {
    return readdirSync(join(root, path));
  } catch {
    return [];
  }
}

const PROGRAM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where a program is that root could run; null when it is in none of the usual folders. */
export function programOf({ root }: Probing, name: string): string | null {
  for (const folder of PROGRAM_FOLDERS) {
    try {
      accessSync(join(root, folder, name), constants.X_OK);
      return `${folder}/${name}`;
    } catch {
      // the next folder
    }
  }
  return null;
}

export interface Attempt {
  id: string;
  group: HostCheck['group'];
  name: string;
  probe: string;
  required?: boolean;
  /** When it works. */
  detail?: string;
  /** Behind the reason when it does not: what would bring it. */
  remedy: string;
  consequence: string;
}

/** Try each, one after the other; what does not work costs its consequence. */
export async function tryAll({ whyNot }: Probing, attempts: readonly Attempt[]): Promise<HostCheck[]> {
  const checks: HostCheck[] = [];
  for (const { id, group, name, probe, required = false, detail, remedy, consequence } of attempts) {
    const reason = await whyNot(probe);
    checks.push({
      id,
      group,
      name,
      required,
      ...(reason === null
        ? { state: 'yes' as const, detail: detail ?? 'tried', consequence: null }
        : { state: 'no' as const, detail: `${reason}; ${remedy}`, consequence }),
    });
  }
  return checks;
}
