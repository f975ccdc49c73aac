import { mkdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { replaceDurably } from '../instance/write-durably.ts';

const settings = z.strictObject({
  address: z
    .string()
    .refine((value) => isIP(value) !== 0, 'the address is an IPv4 or IPv6 address of this host'),
  port: z.number().int().min(1024).max(65_535),
  /** Plain HTTP, on loopback only and only when asked. */
  plainHttp: z.boolean(),
  /** Own certificate and key (PEM files); null: Berth makes one. */
  certificate: z.string().nullable(),
  key: z.string().nullable(),
  /** Proxies before the console, addresses and networks separated by commas: they say whose request they hand on. */
  trustedProxies: z.string().default(''),
  /** The only origins that browsers may come from; empty: whatever host they asked for. */
  publicOrigins: z.array(z.string()).default([]),
});

/** How an instance is reached; kept in the data folder, so that a later `berth up` needs no options. */
export type Settings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: Settings = {
  address: '0.0.0.0',
  port: 8443,
  plainHttp: false,
  certificate: null,
  key: null,
  trustedProxies: '',
  publicOrigins: [],
};

const fileOf = (dataDir: string) => path.join(dataDir, 'settings.json');

/** The kept settings, or the defaults for a new data folder. Throws bad_input for a damaged file. */
export function readSettings(dataDir: string): Settings {
  const file = fileOf(dataDir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return DEFAULT_SETTINGS;
    if (code === 'ENOTDIR')
      throw new AppError(
        'bad_input',
        `the data folder ${dataDir} is not a folder: give another one with --data`,
      );
    throw error;
  }
  try {
    return settings.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('bad_input', `${file} is damaged: mend it, or remove it to go back to the defaults`, {
      cause,
    });
  }
}

export function writeSettings(dataDir: string, value: Settings): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const file = fileOf(dataDir);
  replaceDurably(file, `${JSON.stringify(value, null, 2)}\n`, 0o600);
}
