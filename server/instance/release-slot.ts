import { rmSync } from 'node:fs';
import type { Instance } from './instance.ts';
import { CLAIMS_DIR, claimPath, readClaim } from './instance-file.ts';

/** Give the slot back, if the claim is still this instance's. The data folder is left alone. */
export function releaseSlot(instance: Pick<Instance, 'slot' | 'id'>, claimsDir: string = CLAIMS_DIR): void {
  if (readClaim(claimsDir, instance.slot)?.id !== instance.id) return;
  rmSync(claimPath(claimsDir, instance.slot), { force: true });
}
