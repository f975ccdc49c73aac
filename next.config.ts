import type { NextConfig } from 'next';

/** The web tier is one self-contained folder (standalone), copied to where its unprivileged user may read it. */
const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  outputFileTracingRoot: import.meta.dirname,
  devIndicators: false,
  // types are checked once, for the whole tree, by `berth test lint`
  typescript: { ignoreBuildErrors: true },
};

export default config;
