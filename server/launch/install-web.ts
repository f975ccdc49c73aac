import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors/app-error.ts';

/**
 * Copy the built web tier (Next's standalone folder, the web process's own files and the Node that runs them) to where
 * the unprivileged user may read it: the checkout may lie under /root. One folder per build, so a running web process never sees
 * half of another. Returns that folder.
 */
export function installWeb(root: string, webDir: string): string {
  const built = path.join(root, '.next');
  if (!existsSync(path.join(built, 'BUILD_ID')))
    throw new AppError('unavailable', `there is no web build in ${built}: run ./berth up, which makes it`);
  const target = path.join(webDir, 'builds', buildKey(root));
  if (!existsSync(target)) {
    const next = `${target}.new`;
    rmSync(next, { recursive: true, force: true });
    mkdirSync(next, { recursive: true, mode: 0o755 });
    cpSync(path.join(built, 'standalone'), next, { recursive: true, verbatimSymlinks: true });
    cpSync(path.join(built, 'static'), path.join(next, '.next', 'static'), { recursive: true });
    cpSync(path.join(root, 'app', '_web'), path.join(next, 'app', '_web'), { recursive: true });
    cpSync(process.execPath, path.join(next, 'node'));
    renameSync(next, target);
  }
  for (const old of readdirSync(path.dirname(target))) {
    if (old !== path.basename(target))
      rmSync(path.join(path.dirname(target), old), { recursive: true, force: true });
  }
  return target;
}

function buildKey(root: string): string {
  const hash = createHash('sha256');
  hash.update(readFileSync(path.join(root, '.next', 'BUILD_ID')));
  hash.update(process.version);
  const own = path.join(root, 'app', '_web');
  for (const file of readdirSync(own).sort()) hash.update(file).update(readFileSync(path.join(own, file)));
  return hash.digest('hex').slice(0, 16);
}
