/**
 * Who may import whom (ARCHITECTURE.md). Every rule is an error.
 * Order of the server: router -> verbs -> db, runtime, errors; platform nouns <- resources <- guest <- console, metrics.
 */
const NOUN = '(?:instance|operation|event|auth|host|image|network|volume|guest|isolation|console|metrics)';
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '(\\.node|/generated/)' },
    },
    {
      name: 'app-knows-only-contracts-of-server',
      comment:
        'the web tier may load schemas and protocols, and the type of the router (biome.json: noRestrictedImports), nothing else',
      severity: 'error',
      from: { path: '^app/', pathNot: '^app/_web/' },
      to: { path: '^server/', pathNot: '^server/([^/]+/([a-z-]*schema|protocol|state)\\.ts|router\\.ts)$' },
    },
    { name: 'app-knows-no-native', severity: 'error', from: { path: '^app/' }, to: { path: '^native/' } },
    {
      name: 'web-process-stands-alone',
      comment: 'the process that faces the network loads nothing of the server',
      severity: 'error',
      from: { path: '^app/_web/' },
      to: { path: '^(server|native)/' },
    },
    {
      name: 'ui-knows-no-noun',
      severity: 'error',
      from: { path: '^app/_ui/' },
      to: { path: '^(app/(_features|_trpc)|server)/' },
    },
    {
      name: 'trpc-knows-no-feature',
      severity: 'error',
      from: { path: '^app/_trpc/' },
      to: { path: '^app/_features/' },
    },
    {
      name: 'routes-import-one-feature-page',
      severity: 'error',
      from: { path: '^app/\\([^)]+\\)/' },
      to: { path: '^(server|native)/' },
    },
    {
      name: 'features-meet-at-their-surface',
      comment: 'another feature is reached through its index.ts only',
      severity: 'error',
      from: { path: '^app/_features/([^/]+)/' },
      to: {
        path: '^app/_features/[^/]+/',
        pathNot: ['^app/_features/$1/', '^app/_features/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'only-db-imports-prisma',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/db/' },
      to: { path: ['^server/db/generated/', '@prisma/'] },
    },
    {
      name: 'only-runtime-imports-native',
      severity: 'error',
      from: { path: '^(server|app)/', pathNot: '^server/runtime/' },
      to: { path: '^native/' },
    },
    {
      name: 'only-lib-imports-addon',
      severity: 'error',
      from: { pathNot: '^native/lib/' },
      to: { path: '\\.node$' },
    },
    {
      name: 'native-knows-no-server',
      severity: 'error',
      from: { path: '^native/' },
      to: { path: '^(server|app)/' },
    },
    {
      name: 'errors-know-nobody',
      severity: 'error',
      from: { path: '^server/errors/' },
      to: { path: `^server/(?!errors/)` },
    },
    {
      name: 'schemas-load-in-a-browser',
      severity: 'error',
      from: { path: '^server/[^/]+/([a-z-]*schema|protocol|state)\\.ts$' },
      to: {
        pathNot: [
          '^server/[^/]+/([a-z-]*schema|protocol|state)\\.ts$',
          '^server/errors/',
          'node_modules/(zod|yaml)',
        ],
      },
    },
    {
      name: 'runtime-knows-no-noun',
      severity: 'error',
      from: { path: '^server/runtime/' },
      to: {
        path: `^server/${NOUN}/`,
        pathNot: ['/([a-z-]*schema|state|protocol)\\.ts$', '^server/instance/instance\\.ts$'],
      },
    },
    {
      name: 'platform-knows-no-resource',
      severity: 'error',
      from: { path: '^server/(operation|event|auth|instance)/' },
      to: {
        path: '^server/(host|image|network|volume|guest|isolation|console|metrics)/',
        pathNot: '/([a-z-]*schema|state)\\.ts$',
      },
    },
    {
      name: 'resources-know-no-guest',
      severity: 'error',
      from: { path: '^server/(host|image|network|volume)/' },
      to: { path: '^server/(guest|isolation|console|metrics)/', pathNot: '/([a-z-]*schema|state)\\.ts$' },
    },
    {
      name: 'guest-knows-no-console',
      severity: 'error',
      from: { path: '^server/guest/' },
      to: { path: '^server/(console|isolation)/', pathNot: '/([a-z-]*schema|state|protocol)\\.ts$' },
    },
    {
      name: 'cli-speaks-to-the-socket',
      comment: 'the command line uses the procedures over the socket, never the verbs',
      severity: 'error',
      from: { path: '^server/cli/' },
      to: {
        path: '^server/',
        pathNot: [
          '^server/cli/',
          '^server/[^/]+/([a-z-]*schema|protocol|state)\\.ts$',
          '^server/(instance|launch|errors)/',
          '^server/router\\.ts$',
          '^server/env\\.ts$',
        ],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['native/build', '\\.next', 'server/db/generated'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.node'],
      // Packages that name their entries in `exports` only.
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
