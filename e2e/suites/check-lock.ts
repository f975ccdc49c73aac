/**
 * npm drops an optional package from the lock file without a word when the registry does not have it, and `npm ci` then
 * fails for everybody. This finds such holes: every optional dependency named in the lock must be in it.
 */
import { readFileSync } from 'node:fs';

interface LockedPackage {
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

/** Whether `name` is found from the folder `from`, as Node looks it up. */
function isLocked(from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

const holes = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies)
    .filter((name) => !isLocked(folder, name))
    .map(
      (name) =>
        `${folder || '.'} needs ${name}@${optionalDependencies[name]}, which is not in package-lock.json`,
    ),
);
for (const hole of holes) console.log(hole);
process.exitCode = holes.length > 0 ? 1 : 0;
