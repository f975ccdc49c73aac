import type { HostBook } from '../db/host-book.ts';

/** Where the row of an image is: each host has built its own. Pure. */
export const rowOf = (hosts: Pick<HostBook, 'own'>, name: string) => ({
  installationId_name: { installationId: hosts.own, name },
});
