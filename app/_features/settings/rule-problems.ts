import { type NamespacePeer, namespaceProblems } from '../../../server/guest/namespace-rules-schema.ts';
import type { GuestIsolation, GuestKind } from '../../../server/guest/schema.ts';

/** What the kernel would refuse of this isolation, told as it is chosen. Pure. */
export function ruleProblems(
  subject: { name: string; kind: GuestKind; isolation: GuestIsolation },
  peers: readonly NamespacePeer[],
) {
  const { namespaces, privileged, idMap } = subject.isolation;
  // By far most guests choose none of it: nothing to look up among thousands of others.
  if (Object.keys(namespaces).length === 0 && !privileged && !idMap) return [];
  return namespaceProblems(subject, peers);
}
