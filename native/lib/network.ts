import { type Link, native } from './addon.ts';
import { NativeError } from './native-error.ts';

/** As the kernel has them: IFNAMSIZ is 16 with the NUL (netdevice(7)). */
function checkName(name: string): string {
  if (!/^[^\s/]{1,15}$/.test(name)) {
    throw new NativeError({ code: 'EINVAL', action: 'name a link with 1 to 15 characters', path: name });
  }
  return name;
}

/** A bridge that is up and has these addresses (`10.209.0.1/20`, v6 too). Idempotent. */
export async function ensureBridge(name: string, addresses: readonly string[]): Promise<void> {
  await native((addon) => addon.ensureBridge(checkName(name), addresses));
}

/** Idempotent. */
export async function deleteLink(name: string): Promise<void> {
  await native((addon) => addon.deleteLink(checkName(name)));
}

/** The links of the host's network namespace. */
export async function listLinks(): Promise<Link[]> {
  return native((addon) => addon.links());
}
