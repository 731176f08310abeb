import { globSync, readFileSync } from 'node:fs';

/** The lines of a text that hold one of the traces, however they are spelled, cut off where they get long. */
export function linesWith(text: string, traces: readonly string[]): readonly string[] {
  const wanted = traces.map((trace) => trace.toLowerCase());
  return text
    .split('\n')
    .filter((line) => wanted.some((trace) => line.toLowerCase().includes(trace)))
    .map((line) => line.slice(0, 400));
}

/** Every file below a folder, as text: its path, then what it holds byte by byte. One that goes meanwhile is left out. */
export function filesText(folder: string): string {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const path = `${parentPath}/${name}`;
      return `${path}: ${contentOf(path)}`;
    })
    .join('\n');
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
