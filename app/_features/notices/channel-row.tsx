import { type ChannelView, NOTICE_KINDS } from '../../../server/notice/schema.ts';
import { Badge, Button, IconButton, plural, RelativeTime } from '../../_ui/index.ts';

export interface ChannelRowProps {
  channel: ChannelView;
  /** A trial is under way. */
  trying: boolean;
  onTry: () => void;
  onEdit: () => void;
  onDelete: () => void;
}

/** A channel: where it goes, what it tells of, and whether that works. */
export function ChannelRow({ channel, trying, onTry, onEdit, onDelete }: ChannelRowProps) {
  const { name, to, kinds, project, quiet, isOn, sentAt, problem, waiting } = channel;
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 border-line border-b py-3 text-sm">
      <span className="min-w-48 flex-1">
        <span className="flex flex-wrap items-center gap-2">
          <span className="wrap-anywhere font-medium">{name}</span>
          {!isOn && <Badge tone="idle">off</Badge>}
          {problem !== null && <Badge tone="bad">not taken</Badge>}
        </span>
        <span className="wrap-anywhere block text-muted">
          {to.kind === 'webhook' ? to.url : `${to.receivers.join(', ')} by ${to.url}`}
        </span>
        <span className="wrap-anywhere block text-muted text-xs">
          tells when {kinds.map((kind) => NOTICE_KINDS[kind]).join(', ')}
          {project !== null && `; of project ${project}`}
          {quiet !== null && `; not from ${quiet.from} to ${quiet.to} (${quiet.timeZone})`}
        </span>
        <span className="wrap-anywhere block text-muted text-xs">
          {sentAt === null ? (
            'nothing sent yet'
          ) : (
            <>
              last sent <RelativeTime at={sentAt} />
            </>
          )}
          {waiting > 0 && `, ${plural(waiting, 'notice')} waiting`}
        </span>
        {problem !== null && <span className="wrap-anywhere block text-bad text-xs">{problem}</span>}
      </span>
      <span className="flex items-center gap-1">
        <Button busy={trying} onClick={onTry}>
          Try
        </Button>
        <IconButton icon="pencil" label={`Edit ${name}`} onClick={onEdit} />
        <IconButton icon="trash" label={`Delete ${name}`} onClick={onDelete} />
      </span>
    </li>
  );
}
