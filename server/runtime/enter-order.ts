import type { SessionSpec } from './port.ts';

/**
 * Whom to be in a guest, where, with what, and what to run: read by `enter` from its descriptor 3, as command lines are for
 * everybody on the host to read (native/protocol/README.md). Pure.
 */
export function enterOrder(spec: Pick<SessionSpec, 'user' | 'workdir' | 'environment' | 'command'>): Buffer {
  const entries = [
    ['user', spec.user],
    ...(spec.workdir === null ? [] : [['workdir', spec.workdir]]),
    ...Object.entries(spec.environment).map(([name, value]) => ['env', `${name}=${value}`]),
    ...spec.command.map((word) => ['arg', word]),
  ];
  return Buffer.from(entries.map(([key, value]) => `${key}=${value}\0`).join(''));
}
