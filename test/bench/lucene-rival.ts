import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  DIMENSIONS,
  EVERYWHERE,
  fieldNamed,
  holdersOf,
  keyOf,
  type SearchField,
} from '../../core/hub/dist/capabilities/rediscovery/search/fields.js';
import { isWithin } from '../../core/hub/dist/capabilities/rediscovery/search/match-document.js';
import {
  type QueryNode,
  type SoughtTerm,
  soughtTerms,
  type TextNode,
} from '../../core/hub/dist/capabilities/rediscovery/search/query/query-tree.js';
import { endOf, startOf } from '../../core/hub/dist/capabilities/rediscovery/search/query/read-range.js';
import type { SearchDocument } from '../../core/hub/dist/capabilities/rediscovery/search/search-document.js';
import type { SearchRequest } from '../../core/hub/dist/capabilities/rediscovery/search/search-engine.js';
import { stemEnglish } from '../../core/hub/dist/capabilities/rediscovery/search/text/stem.js';
import { tokenize } from '../../core/hub/dist/capabilities/rediscovery/search/text/tokens.js';
import type { Rival, RivalAnswer } from './search-rival.ts';

/** As they are called wherever a JDK is installed. */
const JDK = { compiler: 'javac', runtime: 'java' } as const;
const PROGRAM = fileURLToPath(new URL('lucene/LuceneRival.java', import.meta.url));
/** Where Debian's liblucene packages put their jars. */
const USUAL_FOLDERS = ['/usr/share/java', '/usr/share/maven-repo/org/apache/lucene'];
const PART = '\u001f';
const STEM = '\u001e';

/** Words that are searched everywhere, in three fields: of these alone the terms of a résumé are many. */
const PROSE = EVERYWHERE.filter(({ name, stemmed }) => stemmed && name !== 'resume').map(({ name }) => name);
const NAMES = EVERYWHERE.filter(({ stemmed }) => !stemmed).map(({ name }) => name);
const EVERYWHERE_IN = [
  { name: 'resume', stemmed: true },
  { name: '_prose', stemmed: true },
  { name: '_names', stemmed: false },
];

/** The rival's program, ready to be run. */
export interface LuceneProgram {
  readonly classPath: string;
}

/**
 * Compiles lucene/LuceneRival.java.
 * @param folder Where Lucene's jars are; `auto`: where Debian puts them.
 * @param directory Where the classes are put.
 * @returns What is missing, where something is.
 */
export function compileLucene(folder: string, directory: string): LuceneProgram | { readonly missing: string } {
  if (spawnSync(JDK.compiler, ['-version']).status !== 0) return { missing: 'no JDK was found (javac, java)' };
  const folders = folder === 'auto' ? USUAL_FOLDERS : [folder];
  const jars = ['core', 'facet'].map((part) =>
    folders
      .filter((one) => existsSync(one))
      .flatMap((one) => globSync(`**/lucene-${part}-*.jar`, { cwd: one }).map((name) => join(one, name)))
      .at(0),
  );
  if (jars.includes(undefined)) {
    return {
      missing: `no lucene-core and lucene-facet jars are in ${folders.join(' or ')} (Debian: liblucene8-java, or unpack it with dpkg-deb -x and name the folder)`,
    };
  }
  const classPath = [...jars, directory].join(':');
  const compiled = spawnSync(JDK.compiler, ['-d', directory, '-cp', classPath, PROGRAM], { encoding: 'utf8' });
  return compiled.status === 0 ? { classPath } : { missing: `the program does not compile: ${compiled.stderr}` };
}

/** Lucene, as lucene/LuceneRival.java describes it, on an index that may be there already. */
export class LuceneRival implements Rival {
  readonly name = 'Lucene';
  readonly #child;
  readonly #answers: AsyncIterator<string>;

  constructor({ classPath }: LuceneProgram, index: string) {
    this.#child = spawn(JDK.runtime, ['-Xmx1500m', '-cp', classPath, 'LuceneRival', index], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async upsert(document: SearchDocument): Promise<void> {
    if (!this.#child.stdin.write(`${documentLine(document)}\n`)) await once(this.#child.stdin, 'drain');
  }

  async loaded(): Promise<void> {
    await this.#ask('loaded');
  }

  async search({ query, order, first }: SearchRequest): Promise<RivalAnswer | undefined> {
    const steps = postfix(query);
    if (!steps) return undefined;
    const dimensions = DIMENSIONS.map(({ name }) => name).join(PART);
    const answer = await this.#ask(['search', order, first, dimensions, ...steps].join('\t'));
    const [ms, total, ...counted] = answer.split('\t');
    return {
      ms: Number(ms),
      total: Number(total),
      counts: new Map(
        counted.map((dimension) => {
          const [name = '', ...counts] = dimension.split(PART);
          return [name, counts.map(Number)];
        }),
      ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    await exited;
  }

  async #ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`);
    const answer = await this.#answers.next();
    if (answer.done) throw new Error('Lucene ended before it answered.');
    return answer.value;
  }
}

/** A document: fields with `t` and terms of each value, with `f` and keys, with `n` and numbers. */
function documentLine({ id, applications, ...person }: SearchDocument): string {
  const records = [person, ...applications];
  const texts = new Map<string, string[]>();
  const keys = new Map<string, Set<string>>();
  const numbers = new Map<string, number[]>();
  for (const record of records) {
    for (const [name, values] of Object.entries(record.texts)) {
      const field = fieldNamed(name);
      for (const value of values) {
        const terms = field.kind === 'text' ? termsOf(field, value) : '';
        if (terms !== '') for (const place of placesOf(name)) texts.set(place, [...(texts.get(place) ?? []), terms]);
        if (name !== 'resume') keys.set(name, (keys.get(name) ?? new Set()).add(keyOf(field, value)));
      }
    }
    for (const [name, values] of Object.entries(record.numbers)) {
      numbers.set(name, [...(numbers.get(name) ?? []), ...values]);
      for (const { label, ...band } of fieldNamed(name).bands ?? []) {
        if (values.some((value) => isWithin(value, band))) keys.set(name, (keys.get(name) ?? new Set()).add(label));
      }
    }
  }
  const entries = (kind: string, fields: Map<string, Iterable<string | number>>): string[] =>
    [...fields].map(([name, values]) => [`${kind}${name}`, ...values].join(PART));
  return ['upsert', id, ...entries('t', texts), ...entries('f', keys), ...entries('n', numbers)].join('\t');
}

function placesOf(name: string): readonly string[] {
  if (name === 'resume') return [name];
  return [name, ...(PROSE.includes(name) ? ['_prose'] : []), ...(NAMES.includes(name) ? ['_names'] : [])];
}

function termsOf(field: SearchField, value: string): string {
  return tokenize(value)
    .map(({ term }) => {
      const stem = field.stemmed ? stemEnglish(term) : term;
      return stem === term ? term : `${term}${STEM}${stem}`;
    })
    .join(' ');
}

/** A query as steps of a stack. `undefined`: it has clauses that would need an index of another shape. */
function postfix(node: QueryNode): readonly string[] | undefined {
  const step = (...parts: readonly (string | number)[]): string => parts.join(PART);
  switch (node.kind) {
    case 'all':
      return ['all'];
    case 'text':
      return anyOf(
        (node.field === undefined
          ? EVERYWHERE_IN
          : holdersOf(fieldNamed(node.field)).map(({ name, stemmed = false }) => ({ name, stemmed }))
        ).map(({ name, stemmed }) => step('text', name, ...patternOf(node, stemmed))),
      );
    case 'value':
      return anyOf(holdersOf(fieldNamed(node.field)).map(({ name }) => step('value', name, node.value)));
    case 'numbers':
      return [step('numbers', node.field, node.from ?? 0, node.to ?? Number.MAX_SAFE_INTEGER)];
    case 'dates':
      return [
        step(
          'numbers',
          node.field,
          node.from === undefined ? Number.MIN_SAFE_INTEGER : startOf(node.from),
          node.to === undefined ? Number.MAX_SAFE_INTEGER : endOf(node.to),
        ),
      ];
    case 'not': {
      const child = postfix(node.child);
      return child && [...child, 'not'];
    }
    case 'and':
    case 'or': {
      const children = node.children.map(postfix);
      if (children.includes(undefined)) return undefined;
      return [...children.flatMap((child) => child ?? []), step(node.kind, children.length)];
    }
    default:
      return undefined;
  }
}

function anyOf(steps: readonly string[]): readonly string[] {
  return steps.length > 1 ? [...steps, `or${PART}${steps.length}`] : steps;
}

function patternOf(node: TextNode, stemmed: boolean): readonly string[] {
  return soughtTerms(node).map((sought) => alternativesOf(sought, stemmed));
}

/** Stems are indexed where they differ from the term; a term that is its own stem stands for it. */
function alternativesOf({ term, match }: SoughtTerm, stemmed: boolean): string {
  if (match === 'prefix') return `${term}*`;
  if (match === 'exact' || !stemmed) return term;
  const stem = stemEnglish(term);
  return stemEnglish(stem) === stem ? `~${stem} ${stem}` : `~${stem}`;
}
