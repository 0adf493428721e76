/** Builds the page that the server hands out, from `src/web/ui/` to `dist/page/`. Runs at the end of `npm ci`, and by `npm run build:page`. */
import { fileURLToPath } from 'node:url';

const inRepository = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const vite = await import('vite').catch(() => undefined);
if (vite === undefined) console.log('the page is not built: its tools are not installed (npm ci without --omit=dev installs them)');
else
  await vite.build({
    configFile: false,
    logLevel: 'warn',
    root: inRepository('src/web/ui'),
    base: './',
    resolve: { alias: { react: 'preact/compat', 'react-dom': 'preact/compat', 'react/jsx-runtime': 'preact/jsx-runtime' } },
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: inRepository('dist/page'),
      emptyOutDir: true,
      // Nothing is put into the page itself: its policy of contents allows files of this server alone.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'es2022',
      // virtua marks itself for servers that render; nobody does here.
      rolldownOptions: { onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)) },
    },
  });
