import type { TrashView } from '../../../server/trash/schema.ts';
import { type Column, formatBytes, Icon, RelativeTime } from '../../_ui/index.ts';

/** What is wrong or under way, in words; null: nothing. */
function remark({ nameTaken, operation, problem }: TrashView): string | null {
  if (operation) return operation.kind === 'guest.restore' ? 'coming back' : 'being deleted';
  if (problem?.startsWith('could not be deleted')) return problem;
  return nameTaken ? 'another guest has its name' : null;
}

function Name({ guest }: { guest: TrashView }) {
  const note = remark(guest);
  return (
    <span className="flex min-w-0 items-baseline gap-2">
      <span className="truncate font-medium">{guest.name}</span>
      {note && (
        <span className="flex min-w-0 items-center gap-1 text-muted text-xs" title={note}>
          <Icon name={guest.operation ? 'busy' : 'warning'} size={12} />
          <span className="truncate">{note}</span>
        </span>
      )}
    </span>
  );
}

const size = ({ sizeBytes }: TrashView) => (sizeBytes === null ? '–' : formatBytes(sizeBytes));

/** The columns of the trash. */
export const TRASH_COLUMNS: readonly Column<TrashView>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(180px, 2fr)',
    sortable: true,
    cell: (guest) => <Name guest={guest} />,
  },
  {
    id: 'project',
    header: 'Project',
    width: 'minmax(80px, 1fr)',
    sortable: true,
    cell: (guest) => guest.project,
  },
  {
    id: 'image',
    header: 'Image',
    width: 'minmax(96px, 1fr)',
    sortable: true,
    cell: (guest) => <span className="truncate text-muted">{guest.image}</span>,
  },
  { id: 'size', header: 'Size', width: '88px', align: 'end', sortable: true, cell: size },
  {
    id: 'by',
    header: 'Deleted by',
    width: 'minmax(88px, 1fr)',
    sortable: true,
    cell: (guest) => <span className="truncate">{guest.trashedBy}</span>,
  },
  {
    id: 'deleted',
    header: 'Deleted',
    width: '104px',
    align: 'end',
    sortable: true,
    cell: (guest) => <RelativeTime at={guest.trashedAt} />,
  },
  {
    id: 'until',
    header: 'Gone for good',
    width: '120px',
    align: 'end',
    sortable: true,
    cell: (guest) => <RelativeTime at={guest.until} ahead />,
  },
];

const KEYS: Readonly<Record<string, (guest: TrashView) => string | number>> = {
  name: ({ name }) => name,
  project: ({ project }) => project,
  image: ({ image }) => image,
  size: ({ sizeBytes }) => sizeBytes ?? -1,
  by: ({ trashedBy }) => trashedBy,
  deleted: ({ trashedAt }) => trashedAt,
  until: ({ until }) => until,
};

/** In the order of a column. Pure. */
export function sortTrash(
  guests: readonly TrashView[],
  { column, descending }: { column: string; descending: boolean },
): TrashView[] {
  const key = KEYS[column] ?? (({ trashedAt }: TrashView) => trashedAt);
  const sign = descending ? -1 : 1;
  return guests.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)];
    return x === y ? (a.id < b.id ? -1 : 1) : x < y ? -sign : sign;
  });
}

/** Whether every word of a text is in what a guest in the trash is called or belongs to. Pure. */
export function matchesTrash(guest: TrashView, text: string): boolean {
  const all = [guest.name, guest.id, guest.project, guest.image, guest.owner, guest.trashedBy, guest.ipv4]
    .concat(guest.tags)
    .filter((one) => one !== null)
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

/** A row where there is no room for columns. */
export function CompactTrashed({ guest }: { guest: TrashView }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <Name guest={guest} />
      <div className="flex items-center justify-between gap-2 text-muted text-xs">
        <span className="truncate">
          {size(guest)} · by {guest.trashedBy} <RelativeTime at={guest.trashedAt} />
        </span>
        <span className="whitespace-nowrap">
          gone <RelativeTime at={guest.until} ahead />
        </span>
      </div>
    </div>
  );
}
