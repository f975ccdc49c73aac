import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { AppError } from '../errors/app-error.ts';

export interface SystemUser {
  uid: number;
  gid: number;
}

/** passwd(5). */
function lookUp(name: string): SystemUser | null {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

/** The ids of a system user, made with useradd(8) when there is none. Throws AppError `unavailable` when it cannot be made. */
export function ensureSystemUser(name: string): SystemUser {
  const known = lookUp(name);
  if (known !== null) return known;
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  try {
    execFileSync('/usr/sbin/useradd', [...args, '--shell', '/usr/sbin/nologin', name], { stdio: 'pipe' });
  } catch (cause) {
    const made = lookUp(name);
    if (made !== null) return made;
    throw new AppError(
      'unavailable',
      `the system user ${name} cannot be made: run useradd --system ${name}`,
      { cause },
    );
  }
  const made = lookUp(name);
  if (made === null)
    throw new AppError('unavailable', `the system user ${name} is not in /etc/passwd after useradd`);
  return made;
}
