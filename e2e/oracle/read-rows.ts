import path from 'node:path';
import { connectDb } from '../../server/db/client.ts';
import { type GuestRow, recordOf } from '../../server/guest/guest-row.ts';
import type { GuestRecord } from '../../server/guest/record.ts';
import type { Instance } from '../../server/instance/instance.ts';

/** What the journal says of one operation. */
export interface OperationFacts {
  id: string;
  kind: string;
  status: string;
  /** Its name when it began. */
  subject: string;
  createdAt: Date;
}

/** What an instance has written down, read past its server. */
export interface Rows {
  guests: GuestRecord[];
  volumes: string[];
  images: { name: string; build: string; state: string }[];
  operations: OperationFacts[];
  users: string[];
}

/** Read it from the private database, which must run. */
export async function readRows(instance: Pick<Instance, 'runDir'>): Promise<Rows> {
  const socket = encodeURIComponent(path.join(instance.runDir, 'db'));
  const db = connectDb(`postgresql://berth@localhost/berth?host=${socket}`);
  try {
    const [guests, volumes, images, operations, users] = await Promise.all([
      db.guest.findMany({ orderBy: { name: 'asc' } }),
      db.volume.findMany({ select: { name: true } }),
      db.image.findMany({ select: { name: true, build: true, state: true } }),
      db.operation.findMany({
        orderBy: { id: 'asc' },
        select: { id: true, kind: true, status: true, subjectName: true, createdAt: true },
      }),
      db.user.findMany({ select: { username: true } }),
    ]);
    return {
      guests: guests.map((row: GuestRow) => recordOf(row)),
      volumes: volumes.map(({ name }) => name),
      images,
      operations: operations.map(({ subjectName, ...rest }) => ({ ...rest, subject: subjectName })),
      users: users.map(({ username }) => username ?? ''),
    };
  } finally {
    await db.$disconnect();
  }
}
