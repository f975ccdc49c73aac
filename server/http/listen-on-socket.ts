import { chmodSync, chownSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { AppError } from '../errors/app-error.ts';

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/**
 * Bind a server to a unix socket with an owner and a mode. A dead socket of an earlier server is replaced; one that
 * answers is not: throws AppError `busy`.
 */
export async function listenOnSocket(
  server: Server,
  path: string,
  access: { mode: number; gid: number },
): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
    if (await answers(path)) throw new AppError('busy', `another server answers on ${path}`);
    rmSync(path);
  }
  // Between bind and chmod nobody else may slip in.
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } finally {
    process.umask(before);
  }
  chownSync(path, 0, access.gid);
  chmodSync(path, access.mode);
}
