import type { OperationView } from '../operation/schema.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { IMAGE_STATES, type ImageView } from './schema.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** An image as every client sees it, from what the catalogue, the database and running builds say. Pure. */
export function imageView(of: {
  entry: CatalogueEntry;
  row: { state: string; sizeBytes: bigint | null; problem: string | null; builtAt: Date | null } | null;
  guests: number;
  building: boolean;
  operation: OperationView | null;
}): ImageView {
  const { entry, row, guests, building, operation } = of;
  const stored = IMAGE_STATES.find((state) => state === row?.state) ?? 'absent';
  return {
    name: entry.name,
    title: entry.title,
    description: entry.description,
    state: building ? 'building' : stored,
    size: stored === 'ready' && row?.sizeBytes != null ? Number(row.sizeBytes) : null,
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    defaultKind: entry.kind,
    needsNetwork: entry.needsNetwork,
    buildSeconds: entry.buildSeconds,
    builtAt: row?.builtAt?.toISOString() ?? null,
    guests,
    operation: operation && { id: operation.id, kind: operation.kind },
    problem: building ? null : (row?.problem ?? null),
  };
}
