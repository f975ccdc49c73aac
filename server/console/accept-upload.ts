import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { AppError } from '../errors/app-error.ts';
import { reasonOf } from './accept-exec.ts';
import type { AcceptOptions } from './accept-terminal.ts';
import { bridgeExec } from './bridge-exec.ts';
import { execEnvironment } from './environment.ts';
import { requireDriver } from './require-driver.ts';
import { UploadStatus } from './schema.ts';
import type { ConsoleServices } from './services.ts';

/** ms that the guest has to clean up after an upload that was cancelled. */
const PATIENCE_MS = 10_000;

/**
 * Writes stdin to the file $1 of $2 bytes: aside as $3 first, so that nobody sees half of it. $4 is `replace` or not. It runs inside the
 * guest, as the shell's user and with nothing of the host in reach: whatever the guest makes of its paths meanwhile stays its own.
 */
const WRITE = `
set -C
to="./$1"; aside="./$3"
[ "$4" = replace ] || { [ ! -e "$to" ] && [ ! -L "$to" ]; } || exit ${UploadStatus.exists}
[ ! -d "$to" ] || exit ${UploadStatus.isFolder}
trap 'rm -f "$aside"' EXIT
trap 'exit ${UploadStatus.cut}' HUP INT TERM
cat > "$aside" || exit ${UploadStatus.failed}
[ "$(wc -c < "$aside")" -eq "$2" ] || exit ${UploadStatus.cut}
if [ "$4" = replace ]; then mv -f "$aside" "$to" || exit ${UploadStatus.failed}
elif ! ln "$aside" "$to"; then [ ! -e "$to" ] || exit ${UploadStatus.exists}; exit ${UploadStatus.failed}
fi`;

/**
 * A socket came with a ticket for a file: have the guest write it, or close with the protocol's code and the reason. Never rejects.
 */
export async function acceptUpload(
  services: ConsoleServices,
  socket: WebSocket,
  options: AcceptOptions,
): Promise<void> {
  const purpose = services.tickets.redeem(options.ticket, options.holder, ['upload']);
  if (purpose?.type !== 'upload') return socket.close(4401, 'the ticket is unknown, used or late');
  const { guestId, request } = purpose;
  const { session, name, size, replace } = request;
  socket.pause();
  try {
    await requireDriver(services, options.holder.actor, guestId);
    const { actor } = options.holder;
    services.rights.add(socket, { actor, guestId, mayDrive: true });
    const user = services.sessions.find(session)?.user;
    if (user === undefined) throw new AppError('not_found', `there is no shell ${session} any more`);
    const aside = `.berth-${randomBytes(8).toString('hex')}.part`;
    const words = [name, String(size), aside, replace ? 'replace' : 'keep'];
    const program = await services.platform.runtime.exec({
      guestId,
      command: ['/bin/sh', '-c', WRITE, 'sh', ...words],
      user,
      environment: execEnvironment(),
      workdir: await services.platform.runtime.workdirOf(session),
    });
    bridgeExec(socket, program, { stdinMost: size, patienceMs: PATIENCE_MS });
    if (socket.readyState !== socket.OPEN) program.stdin.end();
    socket.resume();
  } catch (error) {
    socket.resume();
    if (error instanceof AppError) {
      socket.close(error.code === 'forbidden' ? 4403 : 4400, reasonOf(error));
      return;
    }
    services.platform.log.error('an upload cannot be begun', { guest: guestId, error });
    socket.close(1011, 'the file cannot be taken');
  }
}
