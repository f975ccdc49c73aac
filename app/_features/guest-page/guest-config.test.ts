import { describe, expect, it } from 'vitest';
import { MORE_LIMITS } from '../../../server/guest/schema.ts';
import { changesBetween, configureInput, type GuestConfig, parseConfig, toYaml } from './guest-config.ts';

const MiB = 1024 * 1024;
const CONFIG: GuestConfig = {
  limits: { ...MORE_LIMITS, cpu: 1.5, memory: 512 * MiB, swap: 0, pids: 512 },
  command: ['/bin/httpd', '-f', '-p', '80: a'],
  stopTimeoutMs: 30_000,
};

describe('the YAML of a guest', () => {
  it('reads back to what was written', () => {
    expect(parseConfig(toYaml(CONFIG))).toEqual({ config: CONFIG, problems: [] });
    expect(toYaml(CONFIG)).toContain('memory: 512 MiB');
  });

  it.each([
    [
      'limits:\n  cpu: 0\n  memory: 64 MiB\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      2,
      'cpu must be at least 0.01',
    ],
    [
      'limits:\n  cpu: 1\n  memory: lots\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      3,
      'limits.memory must be a size',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 1 MiB\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      3,
      'at least 4 MiB',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 64M\n  swap: 0\n  pids: 1.5\ncommand: []\nstopTimeoutMs: 1\n',
      5,
      'whole number',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 64M\n  swap: 0\n  pids: 5\n  disk: 5\ncommand: []\nstopTimeoutMs: 1\n',
      6,
      'limits.disk is not known',
    ],
    [
      'name: x\nlimits:\n  cpu: 1\n  memory: 64M\n  swap: 0\n  pids: 5\ncommand: []\nstopTimeoutMs: 1\n',
      1,
      'name is not known',
    ],
    [
      'limits:\n  cpu: 1\n  memory: 64M\n  swap: 0\ncommand: []\nstopTimeoutMs: 1\n',
      1,
      'limits.pids must be a number',
    ],
    ['limits:\n  cpu: 1\n  cpu: 2\n', 3, 'unique'],
    ['limits: [', 1, ''],
    ['just text', 1, 'has the keys'],
  ])('finds the line of what is wrong in %j', (text, line, message) => {
    const { config, problems } = parseConfig(text);
    expect(config).toBeNull();
    expect(problems[0]?.line).toBe(line);
    expect(problems[0]?.message).toContain(message);
  });

  it('does not unfold aliases', () => {
    expect(() => parseConfig('a: &a [1]\nlimits: *a\n')).not.toThrow();
    expect(parseConfig('a: &a [1]\nlimits: *a\n').config).toBeNull();
  });
});

describe('changes', () => {
  const after: GuestConfig = {
    ...CONFIG,
    limits: { ...CONFIG.limits, memory: 1024 * MiB },
    stopTimeoutMs: 5000,
  };

  it('are listed as they are written', () => {
    expect(changesBetween(CONFIG, after)).toEqual([
      { path: 'limits.memory', from: '512 MiB', to: '1 GiB' },
      { path: 'stopTimeoutMs', from: '30000', to: '5000' },
    ]);
    expect(changesBetween(CONFIG, CONFIG)).toEqual([]);
  });

  it('send only what differs', () => {
    expect(configureInput(CONFIG, after)).toEqual({ limits: { memory: 1024 * MiB }, stopTimeoutMs: 5000 });
    expect(configureInput(CONFIG, { ...CONFIG, command: [] })).toEqual({ command: [] });
  });
});
