import { expect, test } from 'vitest';
import type { HostCheckReport } from '../host/check-schema.ts';
import { checkText } from './check.ts';
import { findCommand } from './find-command.ts';

const report: HostCheckReport = {
  at: '2026-01-02T03:04:05.678Z',
  kernel: '6.12',
  ready: false,
  checks: [
    {
      id: 'kernel.version',
      group: 'kernel',
      name: 'version',
      state: 'yes',
      required: false,
      detail: 'Linux 6.12',
      consequence: null,
    },
    {
      id: 'network.ifb',
      group: 'network',
      name: 'links',
      state: 'partly',
      required: true,
      detail: 'some',
      consequence: 'slower',
    },
    {
      id: 'network.veth',
      group: 'network',
      name: 'veth pairs',
      state: 'no',
      required: true,
      detail: 'EPERM',
      consequence: 'guests do not start',
    },
  ],
};
const paint = (_colour: string, text: string) => text;

test('a report is told by group, with what a lack costs below it', () => {
  expect(checkText(report, { paint, onlyProblems: false })).toBe(
    [
      'kernel',
      '  yes     version     Linux 6.12',
      '',
      'network',
      '  partly  links       some',
      '                      slower',
      '  no      veth pairs  EPERM (needed)',
      '                      guests do not start',
      '',
      'Linux 6.12: guests cannot run on this host; 1 of 3 are there, 1 in part, 1 not',
    ].join('\n'),
  );
  expect(checkText(report, { paint, onlyProblems: true })).toMatch(/^network\n/);
});

test('berth check is short for berth host check', () => {
  expect(findCommand(['--json', 'check', '--problems'])).toEqual({
    type: 'command',
    name: 'host check',
    args: ['--json', '--problems'],
  });
  expect(() => findCommand(['chek'])).toThrow('did you mean check?');
});
