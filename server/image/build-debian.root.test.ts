import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instanceOf } from '../instance/instance.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import { debianBuilder } from './build-debian.ts';
import type { BuildContext } from './image-builder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync('/tmp/berth-debian-');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function context(more: Partial<BuildContext> = {}): BuildContext {
  const rootfs = join(folder, 'rootfs');
  rmSync(rootfs, { recursive: true, force: true });
  mkdirSync(rootfs);
  const quiet = () => undefined;
  return {
    ...{ rootfs, signal: new AbortController().signal, progress: quiet, message: quiet, output: quiet },
    keepFromPrograms: async () => undefined,
    ...more,
  };
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

/** The terminals' masters that a program has which is started while a build is at work. */
async function mastersOfAnother(keepFromPrograms: BuildContext['keepFromPrograms']): Promise<string[]> {
  const mmdebstrap = join(folder, 'slow');
  writeFileSync(mmdebstrap, '#!/bin/sh\necho at work\nexec sleep 60\n', { mode: 0o755 });
  const enough = new AbortController();
  let seen = '';
  const building = debianBuilder({ mmdebstrap })(
    context({
      keepFromPrograms,
      signal: enough.signal,
      output: () => {
        seen ||= execFileSync('/bin/ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' });
        enough.abort(new Error('enough'));
      },
    }),
  );
  await expect(building).rejects.toThrow('enough');
  return seen.split('\n').filter((line) => line.endsWith('/ptmx'));
}

test('no other program has the master of its terminal', async () => {
  const instance = instanceOf({ slot: 10, id: '0'.repeat(32), dataDir: folder });
  const runtime = createRuntime({ instance, onFault: () => undefined });
  expect(await mastersOfAnother((descriptor) => runtime.keepFromPrograms(descriptor))).toEqual([]);
});

test('the control: as node-pty leaves it, another program has it', async () => {
  expect(await mastersOfAnother(async () => undefined)).toHaveLength(1);
});
