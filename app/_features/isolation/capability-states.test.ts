import { expect, it } from 'vitest';
import { KIND_CAPABILITIES } from '../../../server/guest/wall-schema.ts';
import { capabilityStates } from './capability-states.ts';

it('shows first what differs from the default of the kind', () => {
  const usual = KIND_CAPABILITIES.system;
  const effective = [...usual.filter((name) => name !== 'net_raw'), 'sys_module'];
  const states = capabilityStates('system', { effective, bounding: [...effective, 'net_raw'] });
  expect(states.slice(0, 2)).toEqual([
    { name: 'net_raw', has: false, reachable: true, change: 'dropped' },
    { name: 'sys_module', has: true, reachable: false, change: 'added' },
  ]);
  expect(states[2]).toEqual({ name: 'chown', has: true, reachable: false, change: null });
  expect(states.filter(({ change }) => change !== null)).toHaveLength(2);
});

it('keeps what has no name yet', () => {
  const states = capabilityStates('application', { effective: ['41'], bounding: [] });
  expect(states.find(({ name }) => name === '41')).toMatchObject({ has: true, change: 'added' });
});
