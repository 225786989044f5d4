import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/**
 * What the page may do. Only connections are open, because the addresses of a node or a gateway can be typed in.
 * Everything else comes from the page's own folder.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  'connect-src *',
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
]

/** The policy in the document, so that it holds from any folder or IPFS gateway. */
const policyInDocument = (): Plugin => ({
  name: 'policy-in-document',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY.join('; ') },
      injectTo: 'head-prepend',
    },
  ],
})

export default defineConfig({
  base: './',
  plugins: [policyInDocument()],
  // JSX is the compiler's own: no fast refresh, and no further package.
  resolve: { alias: { '@abi': fileURLToPath(new URL('../abi/index.ts', import.meta.url)) } },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  server: { fs: { allow: ['..'] } },
  build: {
    target: 'es2023',
    // Browsers that know `light-dark()`, which the theme is written in.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // Packages mark their client code for servers that render; there is none.
      onLog: (level, log, next) => log.code !== 'MODULE_LEVEL_DIRECTIVE' && next(level, log),
    },
  },
  preview: {
    host: '127.0.0.1',
    strictPort: true,
    headers: {
      // What a document cannot say of itself is said here.
      'content-security-policy': [...POLICY, "frame-ancestors 'none'"].join('; '),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  },
  test: { include: ['test/**/*.test.{ts,tsx}'], environment: 'node' },
})
