import type { HostCheck, HostCheckReport } from './check-schema.ts';
import { checkCgroups } from './checks/check-cgroups.ts';
import { checkFileSystems } from './checks/check-file-systems.ts';
import { checkKernel } from './checks/check-kernel.ts';
import { checkNamespaces } from './checks/check-namespaces.ts';
import { checkNetwork } from './checks/check-network.ts';
import { checkPrograms } from './checks/check-programs.ts';
import { checkSecurity } from './checks/check-security.ts';
import { type Probing, textOf } from './checks/probing.ts';

const PARTS = [
  checkKernel,
  checkNamespaces,
  checkCgroups,
  checkFileSystems,
  checkNetwork,
  checkSecurity,
  checkPrograms,
];

/**
 * What this kernel and host can do, found out by doing it so that nothing stays, and by reading what can only be read. Takes about a
 * second; needs root.
 */
export async function checkHost(probing: Probing): Promise<HostCheckReport> {
  const checks: HostCheck[] = [];
  for (const part of PARTS) checks.push(...(await part(probing)));
  return {
    at: new Date().toISOString(),
    kernel: textOf(probing, '/proc/sys/kernel/osrelease') ?? 'unknown',
    ready: checks.every(({ required, state }) => !required || state !== 'no'),
    checks,
  };
}
