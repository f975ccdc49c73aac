import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader } from '../lib/holder-frames.ts';
import goldenFrames from './golden/frames.json' with { type: 'json' };
import goldenSpec from './golden/spec.json' with { type: 'json' };
import walls from './walls.json' with { type: 'json' };
import { FrameTag, specFields } from './wire.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const golden = (name: string) => readFileSync(here(`golden/${name}`));

describe('the wire', () => {
  it('has wire.h and wire.ts as wire.json says', () => {
    const check = spawnSync(process.execPath, [here('generate.mjs'), '--check'], { encoding: 'utf8' });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });

  it('reads the golden frames', () => {
    const frames = new FrameReader().push(golden('frames.bin'));
    expect(
      frames.map(({ tag, payload }) => ({ tag: String.fromCharCode(tag), payload: payload.toString('hex') })),
    ).toEqual(goldenFrames);
  });

  it('writes the golden frames, one of each tag', () => {
    const written = goldenFrames.map(({ tag, payload }) =>
      encodeFrame(tag.charCodeAt(0), Buffer.from(payload, 'hex')),
    );
    expect(Buffer.concat(written)).toEqual(golden('frames.bin'));
    expect(goldenFrames.map(({ tag }) => tag.charCodeAt(0)).sort()).toEqual(Object.values(FrameTag).sort());
  });

  it('has every key of the spec in the golden spec, in order', () => {
    expect(golden('spec.bin').toString()).toBe(
      goldenSpec.map(([key, value]) => `${key}=${value}\0`).join(''),
    );
    expect([...new Set(goldenSpec.map(([key]) => key))]).toEqual(specFields.map(({ name }) => name));
  });
});

describe('the walls', () => {
  const has = (mask: string, capability: number) => ((BigInt(`0x${mask}`) >> BigInt(capability)) & 1n) === 1n;

  it('leave an application no raw sockets and no device nodes', () => {
    expect(has(walls.application.capabilities, 13)).toBe(false); // CAP_NET_RAW
    expect(has(walls.application.capabilities, 27)).toBe(false); // CAP_MKNOD
    expect(has(walls.application.capabilities, 10)).toBe(true); // CAP_NET_BIND_SERVICE
  });

  it('leave a system nothing of modules, raw io, the clock, MAC and the kernel log', () => {
    for (const capability of [16, 17, 25, 32, 33, 34])
      expect(has(walls.system.capabilities, capability)).toBe(false);
    expect(has(walls.system.capabilities, 21)).toBe(true); // CAP_SYS_ADMIN, of its own user namespace
  });
});
