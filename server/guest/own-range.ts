import { IDS_PER_GUEST, type Instance } from '../instance/instance.ts';
import type { OwnRange } from './privileges.ts';
import type { GuestRecord } from './record.ts';

/** The ids of the host that are a guest's alone. Pure. */
export function ownRange(
  { instance }: { instance: Pick<Instance, 'idBase'> },
  record: Pick<GuestRecord, 'idRange'>,
): OwnRange {
  return { first: instance.idBase + record.idRange * IDS_PER_GUEST, count: IDS_PER_GUEST };
}
