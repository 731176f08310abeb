import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from 'fflate';

/** The first moment that a ZIP archive can name, in whatever zone this machine is: the files in it are of no time of their own. */
const NO_TIME = new Date(1980, 0, 1);

/**
 * Says in a workbook what its writer has no words for: when it was made, and how the charts look. Bars stand in the order of
 * the rows, close to each other, and without an axis and lines for what their labels say.
 *
 * The same workbook and time make the same bytes.
 * @throws Error when the writer writes otherwise than it did.
 */
export function finishWorkbook(bytes: Uint8Array, madeAt: Date): Uint8Array<ArrayBuffer> {
  const finished: Zippable = {};
  for (const [name, part] of Object.entries(unzipSync(bytes))) {
    const changed = name === 'docProps/core.xml' ? dated(strFromU8(part), madeAt) : undefined;
    const drawn = name.startsWith('xl/charts/') ? withBars(strFromU8(part)) : undefined;
    const text = changed ?? drawn;
    finished[name] = [text === undefined ? part : strToU8(text), { mtime: NO_TIME, level: 6 }];
  }
  return new Uint8Array(zipSync(finished));
}

function dated(properties: string, at: Date): string {
  const time = `${at.toISOString().slice(0, 19)}Z`;
  return ['created', 'modified'].reduce(
    (text, tag) =>
      replaced(
        text,
        new RegExp(`(<dcterms:${tag} xsi:type="dcterms:W3CDTF">)[^<]*`),
        (_, before) => `${before}${time}`,
      ),
    properties,
  );
}

function withBars(chart: string): string {
  const spaced = replaced(chart, /<\/c:ser>(?=<c:axId)/, () => '</c:ser><c:gapWidth val="45"/>');
  const bare = replaced(spaced, /(<c:valAx>.*?<\/c:scaling>)(.*?)<c:majorGridlines\/>/s, (_, scaling, rest) =>
    [scaling, '<c:delete val="1"/>', rest].join(''),
  );
  if (!bare.includes('<c:barDir val="bar"/>')) return bare;
  // Bars count from the bottom unless told otherwise.
  return replaced(bare, /(<c:catAx>.*?<c:orientation val=)"minMax"/s, (_, before) => `${before}"maxMin"`);
}

function replaced(text: string, pattern: RegExp, by: (...found: string[]) => string): string {
  if (!pattern.test(text)) throw new Error(`A part of the workbook is not written as it was: ${pattern.source}`);
  return text.replace(pattern, by);
}
