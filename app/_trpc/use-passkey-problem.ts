import { useSyncExternalStore } from 'react';
import { passkeyProblem } from '../../server/passkey/schema.ts';

const never = () => () => undefined;

/** Why there are no passkeys at the address of this page; null: there are, or it is not known yet. */
export function usePasskeyProblem(): string | null {
  return useSyncExternalStore(
    never,
    () => passkeyProblem(window.location.origin),
    () => null,
  );
}
