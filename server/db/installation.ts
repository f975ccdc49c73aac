import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { replaceDurably } from '../instance/write-durably.ts';

const installation = z.strictObject({
  /** The same as in the database's one row of `installation`: of two databases, which one belongs to these files. */
  id: z.string().min(1),
  /** Null: the private PostgreSQL of the data folder. */
  url: z.string().nullable(),
});

/** Which database has the inventory of a data folder. */
export type Installation = z.infer<typeof installation>;

const fileOf = (dataDir: string) => join(dataDir, 'database.json');

/** Null for a new data folder, and for one that an older version of Berth made. Throws `illegal_state` for a damaged file. */
export function readInstallation(dataDir: string): Installation | null {
  const file = fileOf(dataDir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return installation.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      'illegal_state',
      `${file} is damaged: write {"id":"…","url":null} into it, with the id that the database's table installation has, and the address in the place of null when the database is not the private one`,
      { cause },
    );
  }
}

/** Root's only, as an address may have a password in it. */
export function writeInstallation(dataDir: string, value: Installation): void {
  replaceDurably(fileOf(dataDir), `${JSON.stringify(value)}\n`, 0o600);
}
