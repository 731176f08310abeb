/**
 * Writes core/contracts/api.md, everything a plugin author can see of us: `npm run api-report`. Its diff is the review of a
 * contract change. With `--check`, nothing is written and a report that is out of date is an error.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

/** @param {string} path Relative to the repository's root. */
const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const committed = inRoot('core/contracts/api.md');
const folder = inRoot('temp/api-report');
mkdirSync(folder, { recursive: true });

const { succeeded } = Extractor.invoke(
  ExtractorConfig.prepare({
    packageJsonFullPath: inRoot('core/contracts/package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: inRoot('core/contracts'),
      mainEntryPointFilePath: '<projectFolder>/dist/index.d.ts',
      compiler: { tsconfigFilePath: '<projectFolder>/tsconfig.json' },
      apiReport: { enabled: true, reportFileName: 'contracts', reportFolder: folder, reportTempFolder: folder },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      newlineKind: 'lf',
    },
  }),
  {
    localBuild: true,
    messageCallback(message) {
      // What is not an error is in the report itself.
      if (message.logLevel !== 'error') message.handled = true;
    },
  },
);
if (!succeeded) process.exit(1);

const report = readFileSync(`${folder}/contracts.api.md`, 'utf8');
if (process.argv.includes('--check')) {
  if (readCommitted() !== report) {
    console.error(
      'core/contracts/api.md no longer describes core/contracts. Run `npm run api-report` and review its diff.',
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(committed, report);
}

/** @returns {string} the committed report, or nothing when there is none yet. */
function readCommitted() {
  try {
    return readFileSync(committed, 'utf8');
  } catch {
    return '';
  }
}
