import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { FrameReader } from '../lib/holder-frames.ts';
import goldenFrames from './golden/frames.json' with { type: 'json' };
import goldenSpec from './golden/spec.json' with { type: 'json' };

// The C++ half: what the executables are linked from reads and writes the same golden files. Needs the native build, not root.
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const check = (...args: string[]) => spawnSync(here('../build/Release/wire-check'), args);
const dir = mkdtempSync('/tmp/berth-wire-');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const checkSpec = (entries: string[][]) => {
  const file = join(dir, 'spec');
  writeFileSync(file, entries.map(([key, value]) => `${key}=${value}\0`).join(''));
  return check('spec', file).stdout.toString();
};
const golden = () => goldenSpec.map((entry) => [...entry]);

describe('the C++ side', () => {
  it('reads the golden spec and writes it again, byte for byte', () => {
    expect(check('spec', here('golden/spec.bin')).stdout.equals(readFileSync(here('golden/spec.bin')))).toBe(
      true,
    );
  });

  it('reads the golden frames', () => {
    const lines = goldenFrames.map(({ tag, payload }) => `${tag} ${payload}\n`).join('');
    expect(check('frames', here('golden/frames.bin')).stdout.toString()).toBe(lines);
  });

  it('writes an exit that TypeScript reads', () => {
    const bytes = check('exit').stdout;
    const end = 5 + bytes.readUInt32LE(1);
    const [frame] = new FrameReader().push(bytes.subarray(0, end));
    expect(frame?.payload.toString('hex')).toBe(goldenFrames.find(({ tag }) => tag === 'X')?.payload);
    expect(bytes.subarray(end).toString()).toBe(
      'version=1\0kind=signalled\0status=9\0out_of_memory=1\0at_ms=1700000000000\0console_end=0\0',
    );
  });

  it.each([
    ['an unknown key', 'colour', [...golden(), ['colour', 'red']]],
    ['a key given twice', 'hostname', [...golden(), ['hostname', 'again']]],
    ['another version', 'version', [['version', '2'], ...golden().slice(1)]],
    ['a version that is not first', 'id', [...golden().slice(1), ['version', '1']]],
    ['a missing key', 'seccomp', golden().filter(([key]) => key !== 'seccomp')],
    ['half a network', 'mac', golden().filter(([key]) => key !== 'mac')],
    [
      'a number that is none',
      'pids',
      golden().map(([k, v]) => (k === 'pids' ? ['pids', '5x'] : [k ?? '', v ?? ''])),
    ],
    [
      'a limit of zero',
      'memory_bytes',
      golden().map(([k, v]) => (k === 'memory_bytes' ? [k, '0'] : [k ?? '', v ?? ''])),
    ],
    [
      'the ids of the host',
      'id_base',
      golden().map(([k, v]) => (k === 'id_base' ? [k, '0'] : [k ?? '', v ?? ''])),
    ],
    [
      'a way out of the cgroups',
      'cgroup',
      golden().map(([k, v]) => (k === 'cgroup' ? [k, 'a/../../b'] : [k ?? '', v ?? ''])),
    ],
    ['a device by path', 'bind_device', [...golden(), ['bind_device', '../mem']]],
  ])('refuses %s', (_what, key, entries) => {
    expect(checkSpec(entries)).toBe(`error EINVAL read\\040the\\040spec ${key}\n`);
  });
});
