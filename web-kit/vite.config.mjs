/** How each app for browsers is built; `outDir` comes from scripts/build-web.ts. */
// biome-ignore lint/style/noDefaultExport: it is what Vite reads
export default {
  logLevel: 'error',
  build: {
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    // Every browser that runs es2022 knows modulepreload.
    modulePreload: { polyfill: false },
  },
}
