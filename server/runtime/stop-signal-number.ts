import { constants } from 'node:os';
import type { GuestSpec } from './port.ts';

/** The C library's first real-time signal for programs (signal(7)); systemd counts from it. */
const SIGRTMIN = 34;

/** The number of a signal that asks an init to stop. */
export function stopSignalNumber(name: GuestSpec['stopSignal']): number {
  return name === 'SIGRTMIN+3' ? SIGRTMIN + 3 : constants.signals[name];
}
