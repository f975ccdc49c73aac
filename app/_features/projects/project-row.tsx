import Link from 'next/link';
import {
  DEFAULT_PROJECT,
  type ProjectView,
  QUOTA_NAMES,
  type QuotaName,
} from '../../../server/project/schema.ts';
import type { ProjectRecording } from '../../../server/recording/schema.ts';
import { cx, formatBytes, Icon, IconButton, PlainRow, plural } from '../../_ui/index.ts';
import { QUOTA_TEXTS } from './quota-text.ts';

export interface ProjectRowProps {
  project: ProjectView;
  /** Why it may not be changed by this person. */
  refusal: string | null;
  /** Why its people may not be seen. */
  noPeople: string | null;
  onOpen: (what: 'edit' | 'members' | 'delete') => void;
}

/** A project with what its guests have now, of how much. */
export function ProjectRow({ project, refusal, noPeople, onOpen }: ProjectRowProps) {
  const { name, about, use } = project;
  const kept = name === DEFAULT_PROJECT ? 'the default project is always there' : null;
  const full = use.guests > 0 ? 'move its guests to another project first, or delete them' : null;
  const actions = (
    <>
      <IconButton
        icon="user"
        label={`Members of ${name}`}
        disabledReason={noPeople}
        onClick={() => onOpen('members')}
      />
      <IconButton
        icon="pencil"
        label={`Edit ${name}`}
        disabledReason={refusal}
        onClick={() => onOpen('edit')}
      />
      <IconButton
        icon="trash"
        label={`Delete ${name}`}
        disabledReason={refusal ?? kept ?? full}
        onClick={() => onOpen('delete')}
      />
    </>
  );
  return (
    <PlainRow actions={actions}>
      <h2 className="font-medium text-base">
        <Link href={`/guests?q=project:${encodeURIComponent(name)}`} className="rounded-sm hover:underline">
          {name}
        </Link>
      </h2>
      {project.recording && (
        <p className="flex items-baseline gap-2 text-sm">
          <Icon name="dot" className="text-bad" />
          <span className="wrap-anywhere min-w-0">{describeRecording(project.recording)}</span>
        </p>
      )}
      {about && <p className="wrap-anywhere text-muted text-sm">{about}</p>}
      <dl className="mt-1 grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:grid-cols-3 lg:grid-cols-5">
        {QUOTA_NAMES.map((quota) => (
          <Quota key={quota} project={project} quota={quota} />
        ))}
      </dl>
    </PlainRow>
  );
}

function describeRecording({ input, mostBytes, keepDays, setBy }: ProjectRecording): string {
  return [
    `terminals always recorded, set by ${setBy}: ${input ? 'what is shown and what is typed' : 'what is shown'}`,
    ...(mostBytes === null ? [] : [`one at most ${formatBytes(mostBytes)}`]),
    ...(keepDays === null ? [] : [`kept for ${plural(keepDays, 'day')}`]),
  ].join(' · ');
}

function Quota({ project, quota }: { project: ProjectView; quota: QuotaName }) {
  const used = project.use[quota];
  const limit = project.quotas[quota];
  const { label, format } = QUOTA_TEXTS[quota];
  const share = limit === null || used === null ? null : limit === 0 ? 1 : used / limit;
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="truncate">
        {used === null ? '–' : format(used)}
        {limit !== null && <span className="text-muted"> of {format(limit)}</span>}
      </dd>
      {share !== null && (
        <div aria-hidden="true" className="mt-1 h-1 overflow-hidden rounded-full bg-line">
          <div
            className={cx('h-full', share >= 1 ? 'bg-bad' : 'bg-accent')}
            style={{ width: `${Math.min(100, share * 100)}%` }}
          />
        </div>
      )}
    </div>
  );
}
