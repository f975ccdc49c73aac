import { stopForkServer } from '../../native/lib/spawn-reporting.ts';
import type { RuntimeContext } from './context.ts';
import { supervisorGroup } from './guest-paths.ts';
import { inKernel } from './kernel-error.ts';
import type { HostPort } from './port.ts';

/** What guests share of the host: their network, and what its kernel can do. */
export function hostVerbs({ kernel, instance }: RuntimeContext): HostPort {
  return {
    ensureNetwork(network: { bridge: string; ipv4: string; ipv6: string }): Promise<void> {
      return inKernel('cannot make the network of guests', () => kernel.ensureNetwork(network));
    },

    dropNetwork(bridge: string): Promise<void> {
      return inKernel('cannot remove the network of guests', () => kernel.dropNetwork(bridge));
    },

    removeLink(name: string): Promise<void> {
      return inKernel('cannot remove the link', () => kernel.deleteLink(name));
    },

    readLinkRates(name: string): ReturnType<HostPort['readLinkRates']> {
      return inKernel('cannot read the rates of the link', () => kernel.readLinkRates(name));
    },

    stopForking(): Promise<void> {
      return inKernel('cannot end the fork server', () => stopForkServer(supervisorGroup(instance)));
    },

    applyFirewall(script: string): Promise<void> {
      return inKernel('cannot set the firewall', () => kernel.applyFirewall(script));
    },

    keepFromPrograms(descriptor: number): Promise<void> {
      return inKernel('cannot keep a descriptor from programs', () => kernel.keepFromPrograms(descriptor));
    },

    giveBackMemory(): Promise<void> {
      return inKernel('cannot give memory back', () => kernel.giveBackMemory());
    },

    whyNot(probe: string): Promise<string | null> {
      return kernel.whyNot(probe);
    },

    describeHost(): ReturnType<HostPort['describeHost']> {
      return inKernel('cannot find out about the host', () => kernel.describeHost());
    },
  };
}
