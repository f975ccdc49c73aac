import { projectsOf } from '../access/may.ts';
import type { GuestServices } from '../guest/services.ts';
import { allowed, router } from '../trpc.ts';
import type { UserServices } from '../user/services.ts';
import { createProject, deleteProject, setProject } from './change-projects.ts';
import { listProjects } from './list-projects.ts';
import { createProjectInput, projectRef, setProjectInput } from './schema.ts';

/** Quotas are for who may give them everywhere: who has all rights in one project does not raise its own. */
const manage = allowed('project.manage', 'everything');

/** `project.*`: guests that belong together, and how much they may have. Members are `user.grant` with a project. */
export function projectRouter(services: GuestServices, users: UserServices) {
  return router({
    list: allowed('guest.view', 'any').query(({ ctx }) =>
      listProjects(services, projectsOf(ctx.rights, 'guest.view')),
    ),
    create: manage
      .input(createProjectInput)
      .mutation(({ ctx, input }) => createProject(services, ctx.actor, input)),
    set: manage.input(setProjectInput).mutation(({ ctx, input }) => setProject(services, ctx.actor, input)),
    delete: manage
      .input(projectRef)
      .mutation(({ ctx, input }) => deleteProject({ ...services, users }, ctx.actor, input)),
  });
}
