import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runPoststop } from './poststop.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync('/tmp/berth-poststop-');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('poststop hooks run once, with the state, their own arguments and environment, each whatever became of the others', async () => {
  const good = script('good', `cat > ${dir}/state; echo "$1 $A" >> ${dir}/said`);
  const spec = [
    'version=1',
    'id=abc',
    'hostname=web',
    'kind=system',
    'guest_dir=/data/guests/abc',
    `hook=createRuntime 10000 ${script('no', `touch ${dir}/wrong`)} 0`,
    `hook=poststop 10000 ${script('bad', 'exit 4')} 0`,
    `hook=poststop 200 ${script('slow', 'sleep 1000')} 0`,
    'hook=poststop 10000 /no/such/hook 0',
    `hook=poststop 10000 ${good} 2 good one\\040word A=x\\040y`,
  ];
  writeFileSync(join(dir, 'spec'), spec.map((entry) => `${entry}\0`).join(''));
  const faults: string[] = [];
  await runPoststop(dir, (error) => faults.push(error.message.replaceAll(dir, '')));
  expect(faults).toEqual([
    'the poststop hook /bad ended with status 4',
    'the poststop hook /slow took longer than 200 ms',
    expect.stringMatching(/^the poststop hook \/no\/such\/hook cannot be run: /),
  ]);
  expect(JSON.parse(readFileSync(join(dir, 'state'), 'utf8'))).toEqual({
    ociVersion: '1.1.0',
    id: 'abc',
    status: 'stopped',
    bundle: '/data/guests/abc',
    annotations: { 'berth.hostname': 'web', 'berth.kind': 'system' },
  });
  expect(existsSync(join(dir, 'wrong'))).toBe(false);
  await runPoststop(dir, (error) => faults.push(error.message));
  expect(readFileSync(join(dir, 'said'), 'utf8')).toBe('one word x y\n');
});
