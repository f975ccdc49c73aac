import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { errorBody } from '../errors/error-body.ts';
import { isErrorCode } from '../errors/error-table.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Actor, Platform, StepContext } from '../platform.ts';
import { CATALOGUE, type CatalogueEntry, catalogueEntry } from './catalogue.ts';
import { ImageBuilds } from './image-builds.ts';
import { folderOf, removeTree } from './image-folder.ts';
import { rowOf } from './image-row.ts';
import { imageView } from './image-view.ts';
import { removeUnusedBuild } from './remove-unused-build.ts';
import type { ImageView } from './schema.ts';
import type { ImageAction, ImageRecipe, ImageService } from './service.ts';
import { tidyBuilds } from './tidy-builds.ts';

interface ImageInput {
  image: string;
}

type Services = Pick<Platform, 'db' | 'hosts' | 'instance' | 'events' | 'operations' | 'log' | 'runtime'>;

class Images implements ImageService {
  readonly #services: Services;
  readonly #builds: ImageBuilds;

  constructor(services: Services) {
    this.#services = services;
    this.#builds = new ImageBuilds(services, (name) => this.#publish(name));
    services.operations.define<ImageInput>({
      kind: 'image.build',
      onInterrupt: 'undo',
      cancellable: true,
      steps: ({ image }) => [
        {
          name: 'build',
          run: async (context) => void (await this.#builds.follow(catalogueEntry(image), context)),
        },
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

  async resolve(name: string): Promise<ImageRecipe> {
    const { name: image, kind, command, stopSignal, stopTimeoutMs } = catalogueEntry(name);
    const { db, hosts } = this.#services;
    const row = await db.image.findUnique({
      where: rowOf(hosts, name),
      select: { build: true, state: true },
    });
    const build = row?.state === 'ready' ? row.build : null;
    return { name: image, build, kind, command, stopSignal, stopTimeoutMs };
  }

  async ensureReady(name: string, context: StepContext): Promise<ImageRecipe & { build: string }> {
    const recipe = await this.resolve(name);
    if (recipe.build !== null) return { ...recipe, build: recipe.build };
    const { build } = await this.#builds.follow(catalogueEntry(name), context);
    return { ...recipe, build };
  }

  rootOf(name: string, build: string): string {
    return join(folderOf(this.#services.instance.dataDir, name), build, 'rootfs');
  }

  async list(): Promise<ImageView[]> {
    return Promise.all(CATALOGUE.map((entry) => this.#view(entry)));
  }

  async build(actor: Actor, input: { image: string; wait?: boolean }): Promise<ImageAction> {
    catalogueEntry(input.image);
    return this.#start('image.build', actor, input);
  }

  async delete(actor: Actor, input: { image: string; wait?: boolean }): Promise<ImageAction> {
    const view = await this.#view(catalogueEntry(input.image));
    await this.#assertUnused(view.name);
    if (view.state === 'absent') {
      throw new AppError('illegal_state', `image ${view.name} is not built: there is nothing to delete`);
    }
    if (this.#builds.atWork(view.name)) {
      throw new AppError('busy', `image ${view.name} is being built: cancel the build first`);
    }
    return this.#start('image.delete', actor, input);
  }

  async onGuestRemoved({ image, build }: { image: string; build: string }): Promise<void> {
    try {
      await removeUnusedBuild(this.#services, { image, build });
    } catch (error) {
      // The guest is gone whatever becomes of this; the next start of the server tries again.
      this.#services.log.warn(`an old build of ${image} cannot be removed`, { build, error });
    }
  }

  prepare(): Promise<void> {
    return tidyBuilds(this.#services);
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
      return { image: await this.#view(catalogueEntry(image)), operation };
    }
    const ended = await finished;
    if (ended.status !== 'done') throw errorOf(ended);
    return { image: await this.#view(catalogueEntry(image)), operation: ended };
  }

  /** Those in the trash need it too. Throws `illegal_state`. */
  async #assertUnused(name: string): Promise<void> {
    const { db, hosts } = this.#services;
    const made = { installationId: hosts.own, imageName: name };
    const all = await db.guest.count({ where: made });
    const trashed = await db.guest.count({ where: { ...made, trashId: { not: '' } } });
    if (all > 0) throw inUse(name, all, trashed);
  }

  async #remove(name: string): Promise<void> {
    const { db, hosts, instance } = this.#services;
    await this.#assertUnused(name);
    const row = await db.image.findUnique({ where: rowOf(hosts, name) });
    await failpoint('image.delete.row', 'before');
    await db.image.deleteMany({ where: { installationId: hosts.own, name } });
    let isTouched = false;
    try {
      await failpoint('image.delete.row', 'after');
      await failpoint('image.delete.files', 'before');
      isTouched = true;
      await removeTree(folderOf(instance.dataDir, name));
      await failpoint('image.delete.files', 'after');
    } catch (error) {
      // Untouched it is as it was; of less than all nobody makes a guest. A later delete finds either.
      const problem = `could not be deleted: ${errorBody(error).message}`;
      if (row !== null)
        await db.image.create({ data: { ...row, state: isTouched ? 'failed' : row.state, problem } });
      throw error;
    }
  }

  async #view(entry: CatalogueEntry): Promise<ImageView> {
    const { db, hosts, operations } = this.#services;
    const [row, guests] = await Promise.all([
      db.image.findUnique({
        where: rowOf(hosts, entry.name),
        select: { state: true, sizeBytes: true, problem: true, builtAt: true },
      }),
      db.guest.count({ where: { installationId: hosts.own, imageName: entry.name, trashId: '' } }),
    ]);
    const building = this.#builds.atWork(entry.name);
    return imageView({ entry, row, guests, building, operation: operations.current(entry.name) });
  }

  async #publish(name: string): Promise<void> {
    try {
      this.#services.events.publish({ type: 'image.changed', image: await this.#view(catalogueEntry(name)) });
    } catch (error) {
      this.#services.log.warn(`the change of image ${name} could not be told`, { error });
    }
  }
}

function inUse(name: string, guests: number, trashed: number): AppError {
  const made = guests === 1 ? '1 guest is' : `${guests} guests are`;
  const where = trashed > 0 ? `, ${trashed} of them in the trash: berth trash ls` : '';
  return new AppError('illegal_state', `image ${name} cannot be deleted: ${made} made of it${where}`);
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
