import { isIP } from 'node:net';

/** Where a browser on this host finds the console. Pure. */
export function consoleUrl(where: { address: string; port: number; plainHttp: boolean }): string {
  const anywhere = where.address === '0.0.0.0' || where.address === '::';
  const host = anywhere ? 'localhost' : isIP(where.address) === 6 ? `[${where.address}]` : where.address;
  return `${where.plainHttp ? 'http' : 'https'}://${host}:${where.port}`;
}
