/**
 * Bundles GraphiQL into gateway/dist/graphiql, so that the gateway serves it without a CDN: `node gateway/graphiql/build.mjs`.
 * Does nothing when neither the page nor the packages have changed since.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const page = new URL('./', import.meta.url);
const built = new URL('../dist/graphiql/', import.meta.url);
const stamp = new URL('.stamp', built);

/** Changes whenever what is bundled does. */
function fingerprint() {
  const require = createRequire(import.meta.url);
  const hash = createHash('sha256');
  for (const name of readdirSync(page).sort()) hash.update(name).update(readFileSync(new URL(name, page)));
  for (const name of ['graphiql', 'react', 'vite']) hash.update(readFileSync(require.resolve(`${name}/package.json`)));
  return hash.digest('hex');
}

/** @param {string} wanted */
function isFresh(wanted) {
  try {
    return readFileSync(stamp, 'utf8') === wanted;
  } catch {
    return false;
  }
}

const wanted = fingerprint();
if (!isFresh(wanted)) {
  console.log('Bundling GraphiQL ...');
  // Imported only when needed: loading the bundler takes longer than finding out that there is nothing to do.
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: fileURLToPath(page),
    base: '/graphiql/',
    // Its warnings are about directives inside other people's packages.
    logLevel: 'error',
    build: {
      outDir: fileURLToPath(built),
      emptyOutDir: true,
      // Editor workers are large by nature, and this is for developers' machines.
      chunkSizeWarningLimit: 10_000,
      target: 'es2022',
    },
  });
  writeFileSync(stamp, wanted);
}
