import {
  type CgroupEffects,
  type CgroupHierarchy,
  type CgroupLimits,
  type CgroupUsage,
  type LinkRates,
  native,
  type ReadLimits,
} from './addon.ts';
import {
  forgetUsage,
  freeze,
  groupsIn,
  isFrozen,
  killGroup,
  readEffects,
  readLimits,
  readUsage,
  removeGroup,
  setLimits,
} from './cgroups.ts';
import { applyFirewall } from './firewall.ts';
import { giveBackMemory } from './give-back-memory.ts';
import { type HostFeatures, hostFeatures, whyNot } from './host-features.ts';
import { keepFromPrograms } from './keep-from-programs.ts';
import { deleteLink, ensureBridge, readLinkRates, setLinkRates, shaperOf } from './network.ts';

/** The native verbs as one object, for whoever wants to be given the kernel. All throw NativeError. */
export class NativeKernel {
  readonly #folder: string;

  /** `folder`: where guests' layers will be. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  freeze(group: string, frozen: boolean): Promise<void> {
    return freeze(group, frozen);
  }

  isFrozen(group: string): Promise<boolean> {
    return isFrozen(group);
  }

  setLimits(group: string, limits: CgroupLimits): Promise<ReadLimits> {
    return setLimits(group, limits);
  }

  readLimits(group: string): Promise<ReadLimits> {
    return readLimits(group);
  }

  readLinkRates(link: string): Promise<LinkRates> {
    return readLinkRates(link);
  }

  setLinkRates(link: string, rates: LinkRates): Promise<LinkRates> {
    return setLinkRates(link, rates);
  }

  readEffects(group: string): Promise<CgroupEffects> {
    return readEffects(group);
  }

  forgetUsage(group: string): Promise<void> {
    return forgetUsage(group);
  }

  readUsage(guests: readonly { group: string; link: string | null }[]): Promise<(CgroupUsage | null)[]> {
    return readUsage(guests);
  }

  /** Kill what is in it, then remove it in every hierarchy. Idempotent. */
  async removeGroup(group: string): Promise<void> {
    await killGroup(group);
    await removeGroup(group);
  }

  groupsIn(group: string): Promise<string[]> {
    return groupsIn(group);
  }

  /** Every mounted hierarchy. */
  hierarchies(): Promise<CgroupHierarchy[]> {
    return native((addon) => addon.describeLayout());
  }

  /** A signal to a process, if it is in the group or below: ESRCH if not. */
  signalProcess(pid: number, signal: number, group: string): Promise<void> {
    return native((addon) => addon.signalProcess(pid, signal, group));
  }

  async deleteLink(name: string): Promise<void> {
    await deleteLink(name);
    await deleteLink(shaperOf(name));
  }

  /** Addresses of the bridge with their prefix. Idempotent. */
  ensureNetwork(network: { bridge: string; ipv4: string; ipv6: string }): Promise<void> {
    return ensureBridge(network.bridge, [network.ipv4, network.ipv6]);
  }

  dropNetwork(bridge: string): Promise<void> {
    return deleteLink(bridge);
  }

  applyFirewall(script: string): Promise<void> {
    return applyFirewall(script);
  }

  describeHost(): Promise<HostFeatures> {
    return hostFeatures(this.#folder);
  }

  whyNot(probe: string): Promise<string | null> {
    return whyNot(probe, this.#folder);
  }

  keepFromPrograms(descriptor: number): Promise<void> {
    return keepFromPrograms(descriptor);
  }

  giveBackMemory(): Promise<void> {
    return giveBackMemory();
  }
}
