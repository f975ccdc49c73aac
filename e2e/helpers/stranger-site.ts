import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { BerthInstance } from './berth-instance.ts';

/** A site of somebody else's at another port of the console's own host: browsers send it the same cookies. */
export interface StrangerSite extends AsyncDisposable {
  url: string;
  /** Paths that were asked for. */
  asked: string[];
}

/** Serve `html` at every path, over TLS. */
export async function startStranger(
  { dataDir }: Pick<BerthInstance, 'dataDir'>,
  html: string,
): Promise<StrangerSite> {
  const tls = (name: string) => readFileSync(path.join(dataDir, 'web/tls', name));
  const asked: string[] = [];
  const server = createServer({ cert: tls('certificate.pem'), key: tls('key.pem') }, (request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
