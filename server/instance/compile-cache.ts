import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The folder where an instance's server keeps what it has compiled, made: half of the time to start is compiling. Root's only, as
 * it is executed. In NODE_COMPILE_CACHE it serves the server's first modules too.
 */
export function compileCache(dataDir: string): string {
  const folder = join(dataDir, 'cache');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
