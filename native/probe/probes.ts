import { CALL_PROBES } from './call-probes.ts';
import { PATH_PROBES } from './path-probes.ts';
import { POWER_PROBES } from './power-probes.ts';
import type { Probe } from './probe.ts';

/** All that is tried of the walls of guests: what SECURITY tells of (docs/isolation.md), by each entry of the kernel. */
export const PROBES: readonly Probe[] = [...CALL_PROBES, ...PATH_PROBES, ...POWER_PROBES];
