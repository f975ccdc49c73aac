import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

const LONGEST = 1024 * 1024;
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Names of the users of a guest by their uid inside, from the passwd that it wrote, else its image's. Both are read from
 * their layer on the host, not through the guest: no mount of the guest is in the way, and as each folder is opened
 * without following links and held, no link leads elsewhere. No file, or none that can be read, is no names.
 */
export async function readGuestUsers(guest: {
  guestDir: string;
  imageRoot: string;
}): Promise<Map<number, string>> {
  const text =
    (await readBelow(join(guest.guestDir, 'upper'), 'etc', 'passwd')) ??
    (await readBelow(guest.imageRoot, 'etc', 'passwd'));
  return parsePasswd(text ?? '');
}

/** The first name of each uid of passwd(5). Pure. */
export function parsePasswd(text: string): Map<number, string> {
  const users = new Map<number, string>();
  for (const line of text.split('\n')) {
    const found = /^([A-Za-z0-9_][A-Za-z0-9_.-]{0,31}):[^:]*:(\d{1,10}):/.exec(line);
    if (found?.[1] && found[2] && !users.has(Number(found[2]))) users.set(Number(found[2]), found[1]);
  }
  return users;
}

/** At most 1 MiB of `root/folder/file`, both of the last opened without following links; null when it is no plain file. */
async function readBelow(root: string, folder: string, file: string): Promise<string | null> {
  try {
    await using dir = await open(join(root, folder), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    const path = `/proc/self/fd/${dir.fd}/${file}`;
    // Not blocking: a pipe of that name must not keep us.
    await using handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (!(await handle.stat()).isFile()) return null;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST), 0, LONGEST, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return null;
  }
}
