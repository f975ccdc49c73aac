import { diskUseOf } from '../guest/disk-use.ts';
import { inUse } from '../guest/quota.ts';
import type { GuestServices } from '../guest/services.ts';
import type { ProjectRecord } from './project-book.ts';
import type { ProjectView } from './schema.ts';

/** The projects that are in reach (server/access/may.ts), by name, with what each has in use. */
export async function listProjects(
  services: GuestServices,
  reach: 'everything' | ReadonlySet<string>,
): Promise<ProjectView[]> {
  const seen = services.projects.all().filter(({ name }) => reach === 'everything' || reach.has(name));
  return Promise.all(seen.map((record) => projectView(services, record)));
}

/** The disk is measured only where it has a quota. */
export async function projectView(services: GuestServices, record: ProjectRecord): Promise<ProjectView> {
  const { name, quotas } = record;
  const disk = quotas.disk === null ? null : await diskUseOf(services, name);
  return { ...record, use: { ...inUse(services, name), disk } };
}
