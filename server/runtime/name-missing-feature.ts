import { AppError } from '../errors/app-error.ts';
import type { HostView } from '../host/schema.ts';

/** How a kernel without something answers who asks for it: by a word that also means other things. */
const TELLING = new Set(['EINVAL', 'ENODEV', 'ENOSYS', 'EOPNOTSUPP']);

/** ENOSPC of clone3 and unshare is no full disk but a limit on namespaces (user_namespaces(7), /proc/sys/user). */
function isTelling({ errno, action }: Record<string, unknown>): boolean {
  return TELLING.has(String(errno)) || (errno === 'ENOSPC' && (action === 'clone3' || action === 'unshare'));
}

/**
 * A start that the kernel refused, said as what this host lacks (`unsupported`) where it lacks something and the errno fits;
 * any other error as it is. `describe` is asked only then: probing costs a moment.
 */
export async function nameMissingFeature(
  error: unknown,
  describe: () => Promise<Pick<HostView, 'features'>>,
): Promise<unknown> {
  if (!(error instanceof AppError) || !isTelling(error.detail)) return error;
  const { features } = await describe();
  const missing = features.filter(({ available }) => !available);
  if (missing.length === 0) return error;
  const names = missing.map(({ name, reason }) => (reason ? `${name} (${reason})` : name)).join(', ');
  const message = `${error.message}; this host lacks ${names}: see berth host info`;
  return new AppError('unsupported', message, { detail: error.detail, cause: error });
}
