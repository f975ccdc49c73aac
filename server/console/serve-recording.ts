import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { AuditLog } from '../audit/audit-log.ts';
import { whoAsks } from '../audit/who-asks.ts';
import { AppError } from '../errors/app-error.ts';
import type { Http } from '../http/create-http.ts';
import { viewRecording } from './list-recordings.ts';
import type { ConsoleServices } from './services.ts';

const PATH = /^\/api\/recordings\/([0-9a-f]{20})\.cast$/;

/** Serve the files of recordings, `GET /api/recordings/ID.cast`, to who may see them. */
export function serveRecordings(
  http: Pick<Http, 'registerDownload'>,
  services: ConsoleServices,
  audit: Pick<AuditLog, 'write'>,
): void {
  http.registerDownload('/api/recordings/', async ({ path, response, actor, transport, ip }) => {
    const id = PATH.exec(path)?.[1];
    if (!id) throw new AppError('not_found', `there is nothing at ${path}`);
    const view = await viewRecording(services, actor, { id });
    // Before it is: who reads what others typed cannot do so unseen.
    const { guestId, guest } = view;
    await audit.write({
      ...{ ...whoAsks({ actor, transport, ip }), action: 'recording.read', input: JSON.stringify({ id }) },
      ...{ subject: { type: 'guest', id: guestId, name: guest }, operation: null },
      ...{ outcome: 'done', reason: null },
    });
    const file = services.recordings.pathOf(id);
    // One that goes on grows meanwhile: what is there now is sent.
    const { size } = await stat(file).catch(() => ({ size: 0 }));
    const name = `${view.guest}-${view.startedAt.slice(0, 19).replaceAll(/[^0-9]/g, '')}.cast`;
    response.writeHead(200, {
      'content-type': 'application/x-asciicast',
      'content-length': size,
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    if (size === 0) response.end();
    // A client that goes away in the middle is no error of ours.
    else await pipeline(createReadStream(file, { end: size - 1 }), response).catch(() => undefined);
  });
}
