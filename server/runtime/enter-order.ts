import type { SessionSpec } from './port.ts';

/** `program`: of the host, to be run instead of what the guest has under the command's name. */
export type EnterSpec = Pick<SessionSpec, 'user' | 'workdir' | 'environment' | 'command'> & {
  program?: string;
};

/**
 * Whom to be in a guest, where, with what, and what to run: read by `enter` from its descriptor 3, as command lines are for
 * everybody on the host to read (native/protocol/README.md). Pure.
 */
export function enterOrder(spec: EnterSpec): Buffer {
  const entries = [
    ['user', spec.user],
    ...(spec.program === undefined ? [] : [['program', spec.program]]),
    ...(spec.workdir === null ? [] : [['workdir', spec.workdir]]),
    ...Object.entries(spec.environment).map(([name, value]) => ['env', `${name}=${value}`]),
    ...spec.command.map((word) => ['arg', word]),
  ];
  return Buffer.from(entries.map(([key, value]) => `${key}=${value}\0`).join(''));
}
