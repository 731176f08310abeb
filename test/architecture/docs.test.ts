import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Folders whose paths the documents name. Data of a running installation is not among them. */
const place = /`((?:core|gateway|plugins|schema|scripts|test|samples)\/[\w./-]+)`/g;
const link = /\]\(([\w./-]+)\)/g;

it.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'plugins/README.md'])(
  'every place that %s names is there',
  (document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const folder = join(root, document, '..');
    // In a document of a folder, paths are those of a plugin; only its links are ours.
    const named = document.includes('/') ? [] : [...text.matchAll(place)].map(([, path = '']) => join(root, path));
    const linked = [...text.matchAll(link)].map(([, path = '']) => join(folder, path));
    // `plugins/acme` stands for a plugin that the reader writes.
    const missing = [...named, ...linked].filter(
      (path) => !path.includes('plugins/acme') && !path.includes('plugins/X') && !existsSync(path),
    );
    expect(missing).toEqual([]);
  },
);
