import { isIP } from 'node:net';

/** Where a browser finds the console: by the first of the origins that it may come from, else on this host. Pure. */
export function consoleUrl(where: {
  address: string;
  port: number;
  plainHttp: boolean;
  publicOrigins: readonly string[];
}): string {
  const [named] = where.publicOrigins;
  if (named !== undefined) return named;
  const anywhere = where.address === '0.0.0.0' || where.address === '::';
  const host = anywhere ? 'localhost' : isIP(where.address) === 6 ? `[${where.address}]` : where.address;
  return `${where.plainHttp ? 'http' : 'https'}://${host}:${where.port}`;
}
