import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CAPABILITY_NAMES } from '../../native/probe/power-probes.ts';
import { CAPABILITIES, capabilitiesOf } from '../guest/capability-schema.ts';
import {
  KIND_CAPABILITIES,
  MASKED_PATHS,
  NESTING_READ_ONLY_PATHS,
  READ_ONLY_PATHS,
} from '../guest/wall-schema.ts';

const walls = JSON.parse(
  readFileSync(new URL('../../native/protocol/walls.json', import.meta.url), 'utf8'),
) as Record<'application' | 'system', { capabilities: string }> &
  Record<'mask' | 'readOnly', string[]> & { nesting: { readOnly: string[] } };

it('tells people the walls that guests have', () => {
  expect(MASKED_PATHS).toEqual(walls.mask);
  expect(READ_ONLY_PATHS).toEqual(walls.readOnly);
  expect(NESTING_READ_ONLY_PATHS).toEqual(walls.nesting.readOnly);
  expect(KIND_CAPABILITIES.system).toEqual(capabilitiesOf(walls.system.capabilities));
  expect(KIND_CAPABILITIES.application).toEqual(capabilitiesOf(walls.application.capabilities));
});

it('knows capabilities by the same names where they are tried', () => {
  expect(CAPABILITY_NAMES).toEqual(CAPABILITIES);
});
