import { readFileSync } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium as playwright } from 'playwright-core';

const require = createRequire(import.meta.url);
const OWN = process.env['CHROMIUM'];
const FONTS = 'fonts.conf';

/** Why no browser can be started here; `undefined` where one can. */
export const NO_BROWSER =
  OWN === undefined && (process.platform !== 'linux' || process.arch !== 'x64')
    ? 'The Chromium that npm brings runs on Linux on x64 alone. CHROMIUM names another one.'
    : undefined;

/** Starts Chromium without a window: the one that `CHROMIUM` names, or the one of a package, unpacked once. */
export async function startBrowser(): Promise<Browser> {
  if (OWN !== undefined) return playwright.launch({ executablePath: OWN, args: ['--no-sandbox'] });
  const folder = await unpacked();
  return playwright.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu'],
    // A bare machine has neither the libraries nor fonts.
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, FONTS),
    },
  });
}

/** Where the package's Chromium lies, unpacked. */
async function unpacked(): Promise<string> {
  const home = join(dirname(require.resolve('@sparticuz/chromium')), '..');
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url));
  const folder = join(cache, `chromium-${version}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Half of it must never be taken for the whole: it gets its name once it is there.
  const fresh = await mkdtemp(join(cache, 'unpacking-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = fresh;
  try {
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    await inflate(join(home, 'bin', 'al2023.tar.br'));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  await writeFile(join(fresh, FONTS), fontsIn(folder));
  // Another test may have been faster.
  await rename(fresh, folder).catch(() => rm(fresh, { recursive: true }));
  return folder;
}

/** The package's own file names folders that no machine of ours has, and without a font Chromium ends at once. */
function fontsIn(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'fonts-cache')}</cachedir></fontconfig>
`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
