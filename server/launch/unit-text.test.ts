import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { instanceOf } from '../instance/instance.ts';
import { environmentFileText, unitText } from './unit-text.ts';

const child = { environment: { PATH: '/bin' }, cwd: '/srv/100% web' };
const values = {
  root: '/opt/a berth',
  instance: instanceOf({ slot: 3, id: '0123456789abcdef', dataDir: '/srv/data 1' }),
  server: { ...child, name: 'server' as const, command: ['/opt/a berth/node', '--x="$HOME"', '50%'] },
  web: { ...child, name: 'web' as const, command: ['node', 'main.ts'] },
  serverEnvironmentFile: '/srv/data 1/server.env',
};

test('words, variables and specifiers reach the process as they are', () => {
  const text = unitText('ExecStart=@SERVER_COMMAND@\nWorkingDirectory=@WEB_DIR@\n@WEB_ENVIRONMENT@', values);
  expect(text.split('\n')).toEqual([
    String.raw`ExecStart="/opt/a berth/node" "--x=\"$$HOME\"" "50%%"`,
    'WorkingDirectory=/srv/100%% web',
    'Environment="PATH=/bin"',
  ]);
});

test('both templates are filled in whole, and say no secret', () => {
  const secret = { DATABASE_URL: 'postgresql://berth:secret@db/berth' };
  for (const name of ['berth.service.in', 'berth-web.service.in']) {
    const template = readFileSync(new URL(`../../systemd/${name}`, import.meta.url), 'utf8');
    const text = unitText(template, { ...values, server: { ...values.server, environment: secret } });
    expect(text).not.toMatch(/@[A-Z_]+@/);
    expect(text).not.toContain('secret');
    expect(text).toContain('slot 3');
  }
});

test('a name without a value is refused', () => {
  expect(() => unitText('@NOPE@', values)).toThrow('@NOPE@');
});

test('the environment file keeps quotes, dollars and backslashes', () => {
  expect(environmentFileText({ A: 'x "y" $z \\ `q`', B: '' })).toBe(
    'A="x \\"y\\" \\$z \\\\ \\`q\\`"\nB=""\n',
  );
});
