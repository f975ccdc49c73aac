import { whenDatabaseIsBack } from '../db/when-database-is-back.ts';
import { AppError } from '../errors/app-error.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import type { Platform, StepContext } from '../platform.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { rowOf } from './image-row.ts';
import { type FinishedBuild, makeBuild } from './make-build.ts';
import { removeUnusedBuild } from './remove-unused-build.ts';
import { SharedBuild } from './shared-build.ts';

/** Builds at work: at most one of each image, and what becomes of it is in the database when it ends. */
export class ImageBuilds {
  readonly #services: Pick<Platform, 'db' | 'hosts' | 'instance' | 'log' | 'runtime'>;
  readonly #changed: (image: string) => Promise<void>;
  readonly #atWork = new Map<string, SharedBuild<FinishedBuild>>();

  /** `changed` is called after a build of that image begins or ends. */
  constructor(
    services: Pick<Platform, 'db' | 'hosts' | 'instance' | 'log' | 'runtime'>,
    changed: (image: string) => Promise<void>,
  ) {
    this.#services = services;
    this.#changed = changed;
  }

  atWork(image: string): boolean {
    return this.#atWork.has(image);
  }

  /** Join the build at work, or begin one. Throws what building throws, or `cancelled` when the signal aborts. */
  async follow(entry: CatalogueEntry, context: StepContext): Promise<FinishedBuild> {
    const { name } = entry;
    for (let at = this.#atWork.get(name); at?.abandoned; at = this.#atWork.get(name)) {
      await at.settled();
      if (this.#atWork.get(name) === at) this.#atWork.delete(name);
    }
    let build = this.#atWork.get(name);
    if (!build) {
      build = this.#begin(entry);
      await this.#changed(name);
    }
    return build.follow(context);
  }

  #begin(entry: CatalogueEntry): SharedBuild<FinishedBuild> {
    const { name } = entry;
    const begun = new SharedBuild((work) => this.#make(entry, work));
    this.#atWork.set(name, begun);
    void begun.settled().then(async () => {
      if (this.#atWork.get(name) === begun) this.#atWork.delete(name);
      await this.#changed(name);
    });
    return begun;
  }

  async #make(
    entry: CatalogueEntry,
    work: Omit<Parameters<typeof makeBuild>[2], 'keepFromPrograms'>,
  ): Promise<FinishedBuild> {
    const { db, hosts, instance, runtime } = this.#services;
    const { name } = entry;
    const before = await db.image.findUnique({
      where: rowOf(hosts, name),
      select: { build: true, state: true },
    });
    let made: FinishedBuild | null = null;
    try {
      const keepFromPrograms = (descriptor: number) => runtime.keepFromPrograms(descriptor);
      made = await makeBuild(instance.dataDir, entry, { ...work, keepFromPrograms });
      const ready = {
        build: made.build,
        state: 'ready',
        sizeBytes: BigInt(made.sizeBytes),
        problem: null,
        builtAt: new Date(),
      };
      await failpoint('image.build.row', 'before');
      await whenDatabaseIsBack(() =>
        db.image.upsert({
          where: rowOf(hosts, name),
          create: { installationId: hosts.own, name, ...ready },
          update: ready,
        }),
      );
      await failpoint('image.build.row', 'after');
      if (before) await removeUnusedBuild(this.#services, { image: name, build: before.build });
      return made;
    } catch (error) {
      // What could not be written down is nobody's; where the database is gone, the next start removes it.
      if (made) {
        const unwritten = { image: name, build: made.build, isUntold: true };
        await removeUnusedBuild(this.#services, unwritten).catch(() => undefined);
      }
      if (!work.signal.aborted) await this.#recordFailure(name, before?.state === 'ready', error);
      throw error;
    }
  }

  /** A build that failed leaves the one before in use. */
  async #recordFailure(name: string, hasBuild: boolean, error: unknown): Promise<void> {
    const { db, hosts, log } = this.#services;
    log.error(`building ${name} failed`, { error });
    const problem = error instanceof AppError ? error.message : 'the build failed; the log has the reason';
    const state = hasBuild ? 'ready' : 'failed';
    await db.image.upsert({
      where: rowOf(hosts, name),
      create: { installationId: hosts.own, name, build: '', state, problem },
      update: { state, problem },
    });
  }
}
