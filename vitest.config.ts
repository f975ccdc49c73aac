import { defineConfig } from 'vitest/config';

const V2 = process.env.BERTH_V2 === '1' ? ['native/**/*.v2.test.ts'] : [];

/**
 * `*.test.ts` runs anywhere; `*.root.test.ts` needs root and the real kernel, one file at a time;
 * `*.v2.test.ts` needs a host with nothing but cgroup v2 and systemd too (native/test-v2.sh).
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // A busy machine fails no test.
          testTimeout: 60_000,
          include: ['{app,server,native,prisma,e2e}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.{root,v2}.test.ts', '**/node_modules/**', 'native/build/**', '.next/**'],
        },
      },
      {
        test: {
          name: 'root',
          include: ['{server,native,e2e}/**/*.root.test.ts', ...V2],
          exclude: ['**/node_modules/**', 'native/build/**', '.next/**'],
          setupFiles: process.env.BERTH_LEAK_CHECK === '1' ? ['e2e/helpers/leak-check.setup.ts'] : [],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
