import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { debianBuilder } from './build-debian.ts';
import type { BuildContext } from './image-builder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync('/tmp/berth-debian-');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function context(): BuildContext {
  const rootfs = join(folder, 'rootfs');
  rmSync(rootfs, { recursive: true, force: true });
  mkdirSync(rootfs);
  const quiet = () => undefined;
  return { rootfs, signal: new AbortController().signal, progress: quiet, message: quiet, output: quiet };
}

test('without mmdebstrap it says what to install', async () => {
  await expect(debianBuilder({ mmdebstrap: join(folder, 'mmdebstrap') })(context())).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('install the package mmdebstrap'),
  });
});

test('without a network it names the mirror that it could not use', async () => {
  // Port 9 of this host: nobody listens, so it refuses at once.
  const apt = join(folder, 'apt');
  mkdirSync(apt);
  writeFileSync(
    join(apt, 'sources.list'),
    'deb http://127.0.0.1:9/debian bookworm main\ndeb http://127.0.0.1:9/debian-security bookworm-security main\n',
  );
  await expect(debianBuilder({ apt })(context())).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/the mirror http:\/\/127\.0\.0\.1:9\/debian cannot be used.*network/),
  });
});
