import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors/app-error.ts';
import type { Http } from '../http/create-http.ts';
import { actorName } from '../operation/actor-name.ts';
import { viewRecording } from './list-recordings.ts';
import type { ConsoleServices } from './services.ts';

const PATH = /^\/api\/recordings\/([0-9a-f]{20})\.cast$/;

/** Serve the files of recordings, `GET /api/recordings/ID.cast`, to who may see them. */
export function serveRecordings(http: Pick<Http, 'registerDownload'>, services: ConsoleServices): void {
  http.registerDownload('/api/recordings/', async ({ path, response, actor }) => {
    const id = PATH.exec(path)?.[1];
    if (!id) throw new AppError('not_found', `there is nothing at ${path}`);
    const view = await viewRecording(services, actor, { id });
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
    services.platform.log.info('a recording is read', { recording: id, by: actorName(actor) });
    if (size === 0) response.end();
    // A client that goes away in the middle is no error of ours.
    else await pipeline(createReadStream(file, { end: size - 1 }), response).catch(() => undefined);
  });
}
