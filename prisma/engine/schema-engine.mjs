#!/usr/bin/env node
/**
 * Prisma's schema engine for `prisma migrate …` and `prisma generate`, with nothing downloaded: it speaks the command
 * line and the JSON-RPC of Prisma's own executable (PRISMA_SCHEMA_ENGINE_BINARY) over the engine's WebAssembly build
 * from npm. For developers: at start the server applies migrations by itself.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';

/** PostgreSQL's oid of "char": the adapter cannot map it, bpchar (1042) reads the same. */
const OID_CHAR = 18;
const OID_BPCHAR = 1042;

const wasmFolder = path.dirname(
  createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'),
);
const argv = process.argv.slice(2);

function option(name) {
  const at = argv.indexOf(name);
  return at < 0 ? undefined : argv[at + 1];
}

async function loadEngine() {
  const module = new WebAssembly.Module(await readFile(path.join(wasmFolder, 'schema_engine_bg.wasm')));
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

async function openPglite() {
  const { PGlite } = await import('@electric-sql/pglite');
  const { PrismaPGlite } = await import('pglite-prisma-adapter');
  const database = await PGlite.create('memory://');
  return { database, factory: new PrismaPGlite(database) };
}

/** Where migrations are tried out: always in memory, so no right to create databases is needed. */
async function connectToShadow() {
  const { database, factory } = await openPglite();
  const adapter = await factory.connect();
  adapter.executeScript = async (sql) => {
    try {
      await database.exec(sql);
    } catch (error) {
      adapter.onError(error);
    }
  };
  adapter.dispose = () => database.close();
  return adapter;
}

async function openPostgres(url) {
  const { PrismaPg } = await import('@prisma/adapter-pg');
  const factory = new PrismaPg({ connectionString: url });
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const perform = adapter.performIO.bind(adapter);
    adapter.performIO = async (query) => {
      const result = await perform(query);
      for (const field of result.fields ?? [])
        if (field.dataTypeID === OID_CHAR) field.dataTypeID = OID_BPCHAR;
      return result;
    };
    return adapter;
  };
  return factory;
}

async function createFactory() {
  const { url } = JSON.parse(option('--datasource') ?? '{}');
  const factory = url ? await openPostgres(url) : (await openPglite()).factory;
  factory.connectToShadowDb = connectToShadow;
  return bindMigrationAwareSqlAdapterFactory(factory);
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/** `cli can-connect-to-database`. */
async function checkConnection(factory) {
  const connected = await factory.connect();
  const answer = connected.ok
    ? await connected.value.queryRaw({ sql: 'SELECT 1', args: [], argTypes: [] })
    : connected;
  if (answer.ok) return 0;
  const fields = { is_panic: false, message: JSON.stringify(answer.error), error_code: 'P1001', meta: {} };
  console.error(JSON.stringify({ level: 'ERROR', fields }));
  return 1;
}

let panic = '';

async function answer(engine, { id, method, params }) {
  if (method === undefined) return;
  try {
    const result = (await engine[method === 'getDatabaseVersion' ? 'version' : method](params)) ?? null;
    if (method === 'diff' && result?.stdout)
      send({ id: 1_000_000 + id, method: 'print', params: { content: result.stdout } });
    send({ id, result });
  } catch (error) {
    const data = {
      is_panic: error?.name === 'RuntimeError',
      message: panic || String(error?.message ?? error),
      error_code: error?.code ?? null,
      meta: null,
    };
    send({
      id,
      error: { code: 4466, message: 'An error happened. Check the data field for details.', data },
    });
  }
}

async function serve(factory) {
  const files = option('--datamodels')?.split(',').filter(Boolean) ?? [];
  const datamodels = await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')]));
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => {
      panic = message;
    },
  };
  const engine = await glue.SchemaEngine.new(
    { datamodels: files.length > 0 ? datamodels : undefined },
    () => {},
    factory,
  );
  for await (const line of createInterface({ input: process.stdin })) await answer(engine, JSON.parse(line));
  return 0;
}

if (argv.includes('--version')) {
  const { version } = JSON.parse(await readFile(path.join(wasmFolder, 'package.json'), 'utf8'));
  console.log(`schema-engine-wasm ${version}`);
} else {
  await loadEngine();
  const factory = await createFactory();
  process.exit(argv.includes('cli') ? await checkConnection(factory) : await serve(factory));
}
