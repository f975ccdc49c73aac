import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { isErrorCode } from '../errors/error-table.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Actor, Platform, StepContext } from '../platform.ts';
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts';
import { folderOf, listBuilds, removeTree } from './image-folder.ts';
import { imageView } from './image-view.ts';
import { type FinishedBuild, makeBuild } from './make-build.ts';
import type { ImageView } from './schema.ts';
import type { ImageAction, ImageRecipe, ImageService } from './service.ts';
import { SharedBuild } from './shared-build.ts';

interface ImageInput {
  image: string;
}

type Services = Pick<Platform, 'db' | 'instance' | 'events' | 'operations' | 'log'>;

class Images implements ImageService {
  readonly #services: Services;
  readonly #builds = new Map<string, SharedBuild<FinishedBuild>>();

  constructor(services: Services) {
    this.#services = services;
    services.operations.define<ImageInput>({
      kind: 'image.build',
      onInterrupt: 'undo',
      cancellable: true,
      steps: ({ image }) => [
        { name: 'build', run: async (context) => void (await this.#follow(this.#entry(image), context)) },
      ],
      settled: ({ image }) => this.#publish(image),
    });
    services.operations.define<ImageInput>({
      kind: 'image.delete',
      onInterrupt: 'finish',
      steps: ({ image }) => [{ name: 'delete', run: () => this.#remove(image) }],
      settled: ({ image }) => this.#publish(image),
    });
  }

  #entry(name: string): CatalogueEntry {
    const entry = CATALOGUE.find((one) => one.name === name);
    if (entry) return entry;
    const known = CATALOGUE.map((one) => one.name).join(' or ');
    throw new AppError('bad_input', `there is no image ${JSON.stringify(name)}: use ${known}`, {
      field: ['image'],
    });
  }

  async resolve(name: string): Promise<ImageRecipe> {
    const { name: image, kind, command, stopSignal, stopTimeoutMs } = this.#entry(name);
    const row = await this.#services.db.image.findUnique({
      where: { name },
      select: { build: true, state: true },
    });
    const build = row?.state === 'ready' ? row.build : null;
    return { name: image, build, kind, command, stopSignal, stopTimeoutMs };
  }

  async ensureReady(name: string, context: StepContext): Promise<ImageRecipe & { build: string }> {
    const recipe = await this.resolve(name);
    if (recipe.build !== null) return { ...recipe, build: recipe.build };
    const { build } = await this.#follow(this.#entry(name), context);
    return { ...recipe, build };
  }

  rootOf(name: string, build: string): string {
    return join(folderOf(this.#services.instance.dataDir, name), build, 'rootfs');
  }

  async list(): Promise<ImageView[]> {
    return Promise.all(CATALOGUE.map((entry) => this.#view(entry)));
  }

  async build(actor: Actor, input: { image: string; wait?: boolean }): Promise<ImageAction> {
    this.#entry(input.image);
    return this.#start('image.build', actor, input);
  }

  async delete(actor: Actor, input: { image: string; wait?: boolean }): Promise<ImageAction> {
    const view = await this.#view(this.#entry(input.image));
    if (view.guests > 0) throw inUse(view.name, view.guests);
    if (view.state === 'absent') {
      throw new AppError('illegal_state', `image ${view.name} is not built: there is nothing to delete`);
    }
    if (this.#builds.has(view.name)) {
      throw new AppError('busy', `image ${view.name} is being built: cancel the build first`);
    }
    return this.#start('image.delete', actor, input);
  }

  async prepare(): Promise<void> {
    const { db, instance, log } = this.#services;
    for (const { name } of CATALOGUE) {
      const [row, guests, found] = await Promise.all([
        db.image.findUnique({ where: { name }, select: { build: true, state: true } }),
        db.guest.findMany({ where: { imageName: name }, select: { imageBuild: true } }),
        listBuilds(instance.dataDir, name),
      ]);
      const used = new Set(guests.map((guest) => guest.imageBuild));
      if (row) used.add(row.build);
      const leavings = [...found.unfinished, ...found.whole.filter((build) => !used.has(build))];
      for (const leaving of leavings) {
        log.info(`removing what an unfinished build of ${name} left`, { folder: leaving });
        await removeTree(join(folderOf(instance.dataDir, name), leaving));
      }
      if (row?.state === 'ready' && !found.whole.includes(row.build)) {
        log.warn(`image ${name} is gone from the disk`, { build: row.build });
        await db.image.delete({ where: { name } });
      }
    }
  }

  async #start(
    kind: 'image.build' | 'image.delete',
    actor: Actor,
    { image, wait = false }: { image: string; wait?: boolean },
  ): Promise<ImageAction> {
    const { operation, finished } = await this.#services.operations.start<ImageInput>(kind, {
      subject: { type: 'image', id: image, name: image },
      actor,
      input: { image },
    });
    if (!wait) {
      await this.#publish(image);
      return { image: await this.#view(this.#entry(image)), operation };
    }
    const ended = await finished;
    if (ended.status !== 'done') throw errorOf(ended);
    return { image: await this.#view(this.#entry(image)), operation: ended };
  }

  /** Join the build at work, or begin one. */
  async #follow(entry: CatalogueEntry, context: StepContext): Promise<FinishedBuild> {
    for (let at = this.#builds.get(entry.name); at?.abandoned; at = this.#builds.get(entry.name)) {
      await at.settled();
      if (this.#builds.get(entry.name) === at) this.#builds.delete(entry.name);
    }
    let build = this.#builds.get(entry.name);
    if (!build) {
      const begun = new SharedBuild((work) => this.#make(entry, work));
      this.#builds.set(entry.name, begun);
      void begun.settled().then(async () => {
        if (this.#builds.get(entry.name) === begun) this.#builds.delete(entry.name);
        await this.#publish(entry.name);
      });
      build = begun;
      await this.#publish(entry.name);
    }
    return build.follow(context);
  }

  async #make(entry: CatalogueEntry, work: Parameters<typeof makeBuild>[2]): Promise<FinishedBuild> {
    const { db, instance, log } = this.#services;
    const { name } = entry;
    const before = await db.image.findUnique({ where: { name }, select: { build: true, state: true } });
    try {
      const made = await makeBuild(instance.dataDir, entry, work);
      const ready = {
        build: made.build,
        state: 'ready',
        sizeBytes: BigInt(made.sizeBytes),
        problem: null,
        builtAt: new Date(),
      };
      await db.image.upsert({ where: { name }, create: { name, ...ready }, update: ready });
      if (before?.state === 'ready') await this.#removeUnused(name, before.build);
      return made;
    } catch (error) {
      const cancelled = work.signal.aborted;
      if (!cancelled) {
        log.error(`building ${name} failed`, { error });
        const problem =
          error instanceof AppError ? error.message : 'the build failed; the log has the reason';
        const state = before?.state === 'ready' ? 'ready' : 'failed';
        await db.image.upsert({
          where: { name },
          create: { name, build: '', state, problem },
          update: { state, problem },
        });
      }
      throw error;
    }
  }

  /** An older build lives as long as guests are made of it. */
  async #removeUnused(name: string, build: string): Promise<void> {
    const { db, instance } = this.#services;
    if ((await db.guest.count({ where: { imageName: name, imageBuild: build } })) > 0) return;
    await removeTree(join(folderOf(instance.dataDir, name), build));
  }

  async #remove(name: string): Promise<void> {
    const { db, instance } = this.#services;
    const guests = await db.guest.count({ where: { imageName: name } });
    if (guests > 0) throw inUse(name, guests);
    await db.image.deleteMany({ where: { name } });
    await removeTree(folderOf(instance.dataDir, name));
  }

  async #view(entry: CatalogueEntry): Promise<ImageView> {
    const { db, operations } = this.#services;
    const [row, guests] = await Promise.all([
      db.image.findUnique({
        where: { name: entry.name },
        select: { state: true, sizeBytes: true, problem: true, builtAt: true },
      }),
      db.guest.count({ where: { imageName: entry.name } }),
    ]);
    const building = this.#builds.has(entry.name);
    return imageView({ entry, row, guests, building, operation: operations.current(entry.name) });
  }

  async #publish(name: string): Promise<void> {
    try {
      this.#services.events.publish({ type: 'image.changed', image: await this.#view(this.#entry(name)) });
    } catch (error) {
      this.#services.log.warn(`the change of image ${name} could not be told`, { error });
    }
  }
}

function inUse(name: string, guests: number): AppError {
  const made = guests === 1 ? '1 guest is' : `${guests} guests are`;
  return new AppError('illegal_state', `image ${name} cannot be deleted: ${made} made of it`);
}

function errorOf(operation: OperationView): AppError {
  const { error, subject } = operation;
  if (!error) return new AppError('cancelled', `${operation.kind} of ${subject.name} was cancelled`);
  return new AppError(isErrorCode(error.code) ? error.code : 'internal', error.message, {
    field: error.field ?? undefined,
    detail: { operation: operation.id },
  });
}

/** Images of this instance; defines their operations. One per server. */
export function createImageService(services: Services): ImageService {
  return new Images(services);
}
