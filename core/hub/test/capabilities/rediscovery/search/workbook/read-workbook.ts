import { strFromU8, unzipSync } from 'fflate';
import { Parser } from 'htmlparser2';

/** A cell, as the file has it. */
export interface ReadCell {
  /** `s` is a text. */
  readonly type: string;
  readonly text: string;
}

/** A sheet, as the file has it. */
export interface ReadSheet {
  readonly name: string;
  /** By their place: `A1`. */
  readonly cells: ReadonlyMap<string, ReadCell>;
  readonly xml: string;
}

/** A workbook, as the file has it. */
export interface ReadWorkbook {
  readonly parts: Readonly<Record<string, string>>;
  readonly sheets: readonly ReadSheet[];
  readonly charts: readonly string[];
}

/** Reads what Excel reads, with nothing of what wrote it. */
export function readWorkbook(bytes: Uint8Array): ReadWorkbook {
  const parts = Object.fromEntries(Object.entries(unzipSync(bytes)).map(([name, part]) => [name, strFromU8(part)]));
  const texts = elements(part(parts, 'xl/sharedStrings.xml'), 'si');
  const names = attributes(part(parts, 'xl/workbook.xml'), 'sheet').map(({ name = '' }) => name);
  const charts = Object.keys(parts).filter((name) => name.startsWith('xl/charts/chart'));
  return {
    parts,
    sheets: names.map((name, index) => {
      const xml = part(parts, `xl/worksheets/sheet${index + 1}.xml`);
      return { name, xml, cells: cellsOf(xml, texts) };
    }),
    charts: charts
      .toSorted((one, other) => Number(one.replace(/\D/g, '')) - Number(other.replace(/\D/g, '')))
      .map((name) => part(parts, name)),
  };
}

/** The texts of all elements of a name. */
export function elements(xml: string, wanted: string): readonly string[] {
  const found: string[] = [];
  let inside = 0;
  parse(xml, {
    onopentag: (tag) => {
      if (tag !== wanted) return;
      inside += 1;
      found.push('');
    },
    ontext: (text) => {
      if (inside > 0) found.push(`${found.pop() ?? ''}${text}`);
    },
    onclosetag: (tag) => {
      if (tag === wanted) inside -= 1;
    },
  });
  return found.map((text) =>
    text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  );
}

/** The attributes of all elements of a name. */
export function attributes(xml: string, wanted: string): readonly Readonly<Record<string, string>>[] {
  const found: Record<string, string>[] = [];
  parse(xml, {
    onopentag: (tag, given) => {
      if (tag === wanted) found.push(given);
    },
  });
  return found;
}

/** @throws Error when an element is not closed where it must be. */
export function parse(xml: string, handler: ConstructorParameters<typeof Parser>[0]): void {
  const open: string[] = [];
  const parser = new Parser(
    {
      onopentag: (tag, given, implied) => {
        open.push(tag);
        handler?.onopentag?.(tag, given, implied);
      },
      ontext: (text) => handler?.ontext?.(text),
      onclosetag: (tag, implied) => {
        if (open.pop() !== tag) throw new Error(`</${tag}> closes nothing.`);
        handler?.onclosetag?.(tag, implied);
      },
      onend: () => {
        if (open.length > 0) throw new Error(`<${open.join('><')}> is not closed.`);
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
}

function cellsOf(xml: string, texts: readonly string[]): ReadonlyMap<string, ReadCell> {
  const values = elements(xml, 'c');
  return new Map(
    attributes(xml, 'c').map(({ r = '', t = 'n' }, index) => {
      const value = values[index] ?? '';
      return [r, { type: t, text: t === 's' ? (texts[Number(value)] ?? '') : value }];
    }),
  );
}

function part(parts: Readonly<Record<string, string>>, name: string): string {
  const found = parts[name];
  if (found === undefined) throw new Error(`The workbook has no ${name}.`);
  return found;
}
