import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnv } from '../env.ts';
import { armFailpoints, failpoint, stepFailpoint } from './failpoint.ts';
import { FAILPOINTS } from './names.ts';
import { parsePlan } from './plan.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-failpoint-'));
});
afterEach(() => {
  armFailpoints(null);
  rmSync(folder, { recursive: true });
});

test('a plan names places, hits, actions and a trace', () => {
  expect(
    parsePlan(
      ' guest.update:before=kill operation.end:after#3=error a.b-c:before=pause:/go trace=/t file=/f ',
    ),
  ).toEqual({
    points: [
      { place: 'guest.update:before', hit: 1, action: 'kill' },
      { place: 'operation.end:after', hit: 3, action: 'error' },
      { place: 'a.b-c:before', hit: 1, action: { pauseUntil: '/go' } },
    ],
    trace: '/t',
    file: '/f',
  });
});

test.each(['kill', 'a:before', 'a:within=kill', 'a:before#0=kill', 'a:after=pause:go', 'a:before=explode'])(
  '%s is refused, and never in production',
  (plan) => {
    expect(() => readEnv({ BERTH_FAILPOINTS: plan })).toThrow(
      /BERTH_FAILPOINTS is wrong .* is not a failpoint/,
    );
    const whole = { BERTH_FAILPOINTS: 'guest.update:before=kill', NODE_ENV: 'production' };
    expect(() => readEnv(whole)).toThrow('BERTH_FAILPOINTS is for tests');
  },
);

test('without a plan nothing happens, not even a turn of the loop', () => {
  expect(failpoint('guest.update', 'before')).toBeUndefined();
  expect(stepFailpoint({ kind: 'guest.start', step: 'start' }, 'after')).toBeUndefined();
});

test('the asked hit fails, the others pass, and all are traced', async () => {
  const trace = join(folder, 'trace');
  armFailpoints(parsePlan(`guest.start.start.undo:before#2=error trace=${trace}`));
  const undo = { kind: 'guest.start', step: 'start', undo: true };
  await stepFailpoint(undo, 'before');
  await expect(stepFailpoint(undo, 'before')).rejects.toThrow('guest.start.start.undo:before failed');
  await stepFailpoint(undo, 'before');
  await failpoint('guest.update', 'after');
  expect(readFileSync(trace, 'utf8')).toBe(
    `${'guest.start.start.undo:before\n'.repeat(3)}guest.update:after\n`,
  );
});

test('a plan in a file counts from its last change on', async () => {
  const file = join(folder, 'plan');
  armFailpoints(parsePlan(`file=${file}`));
  await failpoint('guest.update', 'before');
  writeFileSync(file, 'guest.update:before#2=error');
  await failpoint('guest.update', 'before');
  await expect(failpoint('guest.update', 'before')).rejects.toThrow('guest.update:before failed');
  rmSync(file);
  await failpoint('guest.update', 'before');
  await failpoint('guest.update', 'before');
});

test('a pause ends when its file is there', async () => {
  const go = join(folder, 'go');
  armFailpoints(parsePlan(`guest.update:before=pause:${go}`));
  let passed = false;
  const point = failpoint('guest.update', 'before')?.then(() => {
    passed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(passed).toBe(false);
  writeFileSync(go, '');
  await point;
  expect(passed).toBe(true);
});

test('kill is SIGKILL', () => {
  const module = join(import.meta.dirname, 'failpoint.ts');
  const program = `import { armFailpoints, failpoint } from ${JSON.stringify(module)};
armFailpoints({ trace: null, file: null, points: [{ place: 'guest.update:after', hit: 1, action: 'kill' }] });
await failpoint('guest.update', 'after');
console.log('lives');`;
  const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: '' });
});

test('every name of the list is a place in the code, both moments of it where it commits', () => {
  const root = join(import.meta.dirname, '..');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('failpoint/'),
  );
  const places = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/failpoint\('([^']+)', '(before|after)'\)/g)].map(
      ([, name, moment]) => `${name}:${moment}`,
    ),
  );
  const wanted = FAILPOINTS.flatMap((name) =>
    name === 'http.answer' ? [`${name}:before`] : [`${name}:before`, `${name}:after`],
  );
  expect(places.toSorted()).toEqual(wanted.toSorted());
});
