import { constants } from 'node:os';
import type { GuestSpec } from './port.ts';

/** The C library's first real-time signal for programs (signal(7)); systemd counts from it. */
const SIGRTMIN = 34;

const NAMES = new Map(
  Object.entries(constants.signals)
    // SIGIOT and SIGPOLL are second names of signals that have a usual one.
    .filter(([name]) => name !== 'SIGIOT' && name !== 'SIGPOLL')
    .map(([name, number]) => [number, name]),
);

/** `SIGKILL` for 9, `SIGRTMIN+3` for 37. */
export function signalName(number: number): string {
  return NAMES.get(number) ?? (number >= SIGRTMIN ? `SIGRTMIN+${number - SIGRTMIN}` : `signal ${number}`);
}

/** The number of a signal that asks an init to stop. */
export function stopSignalNumber(name: GuestSpec['stopSignal']): number {
  return name === 'SIGRTMIN+3' ? SIGRTMIN + 3 : constants.signals[name];
}
