'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProjectView } from '../../../server/project/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import { Button, Page, PageHeader, PlainList, plural } from '../../_ui/index.ts';
import { DeleteProjectDialog } from './delete-project-dialog.tsx';
import { MembersDialog } from './members-dialog.tsx';
import { ProjectDialog } from './project-dialog.tsx';
import { ProjectRow } from './project-row.tsx';

type Open = { what: 'make' } | { what: 'edit' | 'members' | 'delete'; project: ProjectView };

/** Guests that belong together, and how much of the host they may have. */
export function ProjectsPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.project.list.queryOptions(undefined, { refetchOnMount: 'always' }));
  const may = useMay();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const refusal = may('project.manage');
  const projects = list.data;
  const make = (
    <Button look="primary" icon="plus" disabledReason={refusal} onClick={() => setOpen({ what: 'make' })}>
      New project
    </Button>
  );
  return (
    <Page>
      <PageHeader title="Projects" summary={projects && plural(projects.length, 'project')} actions={make} />
      <PlainList
        what="projects"
        rows={
          projects?.map((project) => (
            <ProjectRow
              key={project.name}
              project={project}
              refusal={refusal}
              noPeople={may('people.view')}
              onOpen={(what) => setOpen({ what, project })}
            />
          )) ?? null
        }
        error={list.error && toApiError(list.error).message}
        onRetry={() => void list.refetch()}
        empty={{
          title: 'No projects',
          action: make,
          text: 'You may see single guests, and no project as a whole.',
        }}
      />
      {open?.what === 'make' && <ProjectDialog project={null} onClose={close} />}
      {open?.what === 'edit' && <ProjectDialog project={open.project} onClose={close} />}
      {open?.what === 'members' && <MembersDialog project={open.project.name} onClose={close} />}
      {open?.what === 'delete' && <DeleteProjectDialog project={open.project.name} onClose={close} />}
    </Page>
  );
}
