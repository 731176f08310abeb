import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIMENSIONS, fieldNamed, keyOf } from '../../../../src/capabilities/rediscovery/search/fields.js';
import { parseQuery } from '../../../../src/capabilities/rediscovery/search/query/parse-query.js';
import {
  allOf,
  anyOf,
  noneOf,
  type QueryNode,
} from '../../../../src/capabilities/rediscovery/search/query/query-tree.js';
import type { SearchDocument } from '../../../../src/capabilities/rediscovery/search/search-document.js';
import type { SearchEngine } from '../../../../src/capabilities/rediscovery/search/search-engine.js';
import { aQuery, aWord, documentWith, someDocuments } from './documents.js';
import { ReferenceEngine } from './reference-engine.js';

/** What a query means. Fails the test when there is a mistake in it. */
export function meaning(query: string): QueryNode {
  const parsed = parseQuery(query);
  if (!parsed.ok) throw new Error(`${query}: ${parsed.problems.map(({ message }) => message).join(' ')}`);
  return parsed.tree;
}

async function idsOf(engine: SearchEngine, query: QueryNode): Promise<string[]> {
  const { hits } = await engine.search({ query, order: 'updated', first: 200 });
  return hits.map(({ id }) => id).toSorted();
}

/**
 * What every search engine promises. The laws are checked on thousands of made-up documents and queries, and each
 * engine is compared with the one that reads everything.
 * @param open An empty index. What it holds outside the process goes when it is disposed of.
 */
export function describeSearchEngine(name: string, open: () => Promise<SearchEngine & AsyncDisposable>): void {
  const holding = async (documents: readonly SearchDocument[]): Promise<SearchEngine & AsyncDisposable> => {
    const engine = await open();
    await engine.write({ upserts: documents });
    return engine;
  };
  /** Which of the documents a query finds, by their skill. */
  const found = async (query: string, skills: readonly string[]): Promise<string[]> => {
    await using engine = await holding(skills.map((skill) => documentWith(skill, { skill: [skill] })));
    return (await idsOf(engine, meaning(query))).toSorted();
  };

  describe(`${name} searches`, () => {
    it('RED-6: words in any order, phrases as they stand', async () => {
      const skills = ['data science', 'science of data', 'data'];
      expect(await found('science data', skills)).toEqual(['data science', 'science of data']);
      expect(await found('"data science"', skills)).toEqual(['data science']);
    });

    it('RED-12: says when nothing is left of who was removed', async () => {
      await using engine = await holding(['a', 'b'].map((id) => documentWith(id, { name: [`Somebody ${id}`] })));
      await engine.write({ removals: ['a'] });
      await expect.poll(() => engine.isTidy(), { timeout: 20_000 }).toBe(true);
    });

    it('RED-6: AND, OR, NOT, minus and parentheses', async () => {
      const skills = ['java', 'java kotlin', 'kotlin', 'scala'];
      expect(await found('java AND kotlin', skills)).toEqual(['java kotlin']);
      expect(await found('java OR scala', skills)).toEqual(['java', 'java kotlin', 'scala']);
      expect(await found('java -kotlin', skills)).toEqual(['java']);
      expect(await found('NOT (java OR scala)', skills)).toEqual(['kotlin']);
      expect(await found('scala OR java kotlin', skills)).toEqual(['java kotlin', 'scala']);
    });

    it('RED-6: words with signs are told apart', async () => {
      const skills = ['C', 'C#', 'C++', '.NET', 'ASP.NET', 'net', 'AT&T', 'at T', 'node.js'];
      expect(await found('C', skills)).toEqual(['C']);
      expect(await found('c++', skills)).toEqual(['C++']);
      expect(await found('Ｃ♯', skills)).toEqual(['C#']);
      expect(await found('.net', skills)).toEqual(['.NET', 'ASP.NET']);
      expect(await found('net', skills)).toEqual(['net']);
      expect(await found('AT&T', skills)).toEqual(['AT&T']);
      expect(await found('node', skills)).toEqual(['node.js']);
      expect(await found('Node.JS', skills)).toEqual(['node.js']);
    });

    it('RED-6: case, accents and width make no difference', async () => {
      expect(await found('munchen', ['München', 'MÜNCHEN', 'Mu\u0308nchen', 'Minga'])).toEqual(
        ['München', 'MÜNCHEN', 'Mu\u0308nchen'].toSorted(),
      );
      expect(await found('Ｊａｖａ', ['java'])).toEqual(['java']);
    });

    it('RED-6: words are found in their forms, quoted ones as they stand, and other words not at all', async () => {
      const skills = ['manager', 'managers', 'managing', 'management', 'marketing', 'market'];
      expect(await found('manager', skills)).toEqual(['manager', 'managers']);
      expect(await found('"manager"', skills)).toEqual(['manager']);
      expect(await found('market', skills)).toEqual(['market']);
      expect(await found('manag*', skills)).toEqual(['management', 'manager', 'managers', 'managing']);
    });

    it('RED-6: scripts that part no words are found wherever they stand', async () => {
      const skills = ['機械学習エンジニア', '学習', '東京都', '京都', 'นักพัฒนาซอฟต์แวร์', '개발자'];
      expect(await found('学習', skills)).toEqual(['学習', '機械学習エンジニア']);
      expect(await found('習', skills)).toEqual(['学習', '機械学習エンジニア']);
      expect(await found('東京', skills)).toEqual(['東京都']);
      expect(await found('พัฒนา', skills)).toEqual(['นักพัฒนาซอฟต์แวร์']);
      expect(await found('개발', skills)).toEqual(['개발자']);
    });

    it('RED-6: no phrase crosses from one value or field into the next', async () => {
      await using engine = await holding([
        documentWith('two values', { skill: ['machine', 'learning'] }),
        documentWith('two fields', { currentTitle: ['machine'], skill: ['learning'] }),
        documentWith('one value', { skill: ['machine learning'] }),
      ]);
      expect(await idsOf(engine, meaning('"machine learning"'))).toEqual(['one value']);
      expect(await idsOf(engine, meaning('machine learning'))).toEqual(['one value', 'two fields', 'two values']);
    });

    it('RED-6: ranges include their ends; an open end is open, and who has no value is in none', async () => {
      await using engine = await holding(
        [undefined, 0, 2, 3, 8, 9].map((years) =>
          documentWith(`${years}`, {}, { numbers: years === undefined ? {} : { years: [years] } }),
        ),
      );
      expect(await idsOf(engine, meaning('years:3..8'))).toEqual(['3', '8']);
      expect(await idsOf(engine, meaning('years:>3'))).toEqual(['8', '9']);
      expect(await idsOf(engine, meaning('years:..2'))).toEqual(['0', '2']);
      expect(await idsOf(engine, meaning('NOT years:0..99'))).toEqual(['undefined']);
    });

    it('RED-7: a date is as exact as it is written, in UTC', async () => {
      const times = [
        '2025-12-31T23:59:59.999Z',
        '2026-01-01T00:00:00.000Z',
        '2026-01-31T23:59:59.999Z',
        '2026-02-01T00:00:00.000Z',
      ];
      await using engine = await holding(
        times.map((time) => documentWith(time, {}, { numbers: { updated: [Date.parse(time)] } })),
      );
      expect(await idsOf(engine, meaning('updated:2026-01'))).toEqual(times.slice(1, 3));
      expect(await idsOf(engine, meaning('updated:>2026-01'))).toEqual(times.slice(3));
      expect(await idsOf(engine, meaning('updated:<2026'))).toEqual(times.slice(0, 1));
    });

    it('RED-7: application(...) asks one and the same application', async () => {
      const application = (job: string, status: string) => ({ texts: { job: [job], status: [status] }, numbers: {} });
      await using engine = await holding([
        documentWith('same', {}, { applications: [application('Welder', 'Rejected')] }),
        documentWith('two', {}, { applications: [application('Welder', 'Hired'), application('Cook', 'Rejected')] }),
        documentWith('none', {}),
      ]);
      expect(await idsOf(engine, meaning('application(job:welder status:rejected)'))).toEqual(['same']);
      expect(await idsOf(engine, meaning('job:welder status:rejected'))).toEqual(['same', 'two']);
      expect(await idsOf(engine, meaning('application(job:welder NOT status:rejected)'))).toEqual(['two']);
      expect(await idsOf(engine, meaning('NOT job:welder'))).toEqual(['none']);
    });

    it('RED-6: a radius is measured along the earth', async () => {
      const [berlin, potsdam] = [
        { latitude: 52.52, longitude: 13.405 },
        { latitude: 52.39886, longitude: 13.06566 },
      ];
      await using engine = await holding([
        documentWith('berlin', {}, { places: [berlin] }),
        documentWith('potsdam', {}, { places: [potsdam] }),
        documentWith('nowhere', {}),
      ]);
      expect(await idsOf(engine, meaning('near:52.52,13.405,20km'))).toEqual(['berlin']);
      expect(await idsOf(engine, meaning('near:52.52,13.405,30km'))).toEqual(['berlin', 'potsdam']);
    });
  });

  describe(`${name} keeps its index`, () => {
    it('RED-2: a document written again replaces the one before, and a removed one is gone', async () => {
      await using engine = await holding([
        documentWith('a', { skill: ['java'] }),
        documentWith('b', { skill: ['java'] }),
      ]);
      await engine.write({ upserts: [documentWith('a', { skill: ['scala'] })] });
      await engine.write({ removals: ['b', 'never there'] });
      expect(await engine.countEach([meaning('java'), meaning('scala'), meaning('*')])).toEqual([0, 1, 1]);
      const { facets } = await engine.search({
        query: meaning('*'),
        order: 'updated',
        first: 10,
        facets: [{ field: 'skill', top: 10 }],
      });
      expect(facets[0]?.values).toEqual([{ key: 'scala', label: 'scala', count: 1 }]);
    });

    it('RED-2: of two documents with one id in a call the last counts', async () => {
      await using engine = await holding([
        documentWith('a', { skill: ['java'] }),
        documentWith('a', { skill: ['scala'] }),
      ]);
      expect(await engine.countEach([meaning('java'), meaning('scala')])).toEqual([0, 1]);
    });

    it('RED-2: however an index came about, it answers as one that was written at once', async () => {
      await fc.assert(
        fc.asyncProperty(someDocuments, someDocuments, aQuery, async (before, after, query) => {
          await using engine = await holding(before);
          await engine.write({ removals: before.filter((_, index) => index % 2 === 1).map(({ id }) => id) });
          await engine.write({ upserts: after });
          const kept = before.filter(({ id }, index) => index % 2 === 0 && !after.some((one) => one.id === id));
          await using fresh = await holding([...kept, ...after]);
          expect(await idsOf(engine, meaning(query))).toEqual(await idsOf(fresh, meaning(query)));
        }),
        { numRuns: 60 },
      );
    });
  });

  describe(`${name} counts exactly`, () => {
    it('RED-6: it finds what reading everything finds', async () => {
      await fc.assert(
        fc.asyncProperty(
          someDocuments,
          fc.array(aQuery, { minLength: 1, maxLength: 8 }),
          async (documents, queries) => {
            await using engine = await holding(documents);
            const reference = new ReferenceEngine();
            await reference.write({ upserts: documents });
            for (const query of queries.map(meaning))
              expect(await idsOf(engine, query)).toEqual(await idsOf(reference, query));
          },
        ),
        { numRuns: 100 },
      );
    });

    it('RED-6: the laws of Boolean algebra hold', async () => {
      await fc.assert(
        fc.asyncProperty(someDocuments, aQuery, aQuery, aQuery, async (documents, ...queries) => {
          await using engine = await holding(documents);
          const [a, b, c] = queries.map(meaning) as [QueryNode, QueryNode, QueryNode];
          const same = async (one: QueryNode, other: QueryNode): Promise<void> =>
            expect(await idsOf(engine, one)).toEqual(await idsOf(engine, other));
          await same(allOf([a, b]), allOf([b, a]));
          await same(allOf([a, anyOf([b, c])]), anyOf([allOf([a, b]), allOf([a, c])]));
          await same(noneOf(anyOf([a, b])), allOf([noneOf(a), noneOf(b)]));
          await same(anyOf([a, allOf([a, b])]), a);
          await same(noneOf({ kind: 'not', child: { kind: 'not', child: a } }), noneOf(noneOf(noneOf(a))));
          const [inA, outside, both, either, inB, all] = await engine.countEach([
            a,
            noneOf(a),
            allOf([a, b]),
            anyOf([a, b]),
            b,
            { kind: 'all' },
          ]);
          expect(Number(inA) + Number(outside)).toBe(all);
          expect(Number(either) + Number(both)).toBe(Number(inA) + Number(inB));
        }),
        { numRuns: 60 },
      );
    });

    it('RED-6: a word finds what its beginning finds, and a phrase what its words find', async () => {
      await fc.assert(
        fc.asyncProperty(someDocuments, aWord, aWord, async (documents, one, other) => {
          await using engine = await holding(documents);
          const [exact, beginning, phrase, both] = await Promise.all(
            [`"${one}"`, `"${one}*"`, `"${one} ${other}"`, `"${one}" "${other}*"`].map((query) =>
              // A single letter is no beginning that the language takes.
              /^"\w\*"|"\w\*"$/.test(query) ? idsOf(engine, meaning('*')) : idsOf(engine, meaning(query)),
            ),
          );
          expect(beginning).toEqual(expect.arrayContaining(exact ?? []));
          expect(both).toEqual(expect.arrayContaining(phrase ?? []));
        }),
        { numRuns: 100 },
      );
    });

    it('RED-9: counts are those of hits: each value finds as many as it counts, and who has none is counted too', async () => {
      const facets = [...DIMENSIONS.map(({ name: field }) => ({ field, top: 100 })), { field: 'status', top: 100 }];
      await fc.assert(
        fc.asyncProperty(someDocuments, aQuery, async (documents, query) => {
          await using engine = await holding(documents);
          const tree = meaning(query);
          const answer = await engine.search({ query: tree, order: 'updated', first: 0, facets });
          expect(answer.total).toBe((await idsOf(engine, tree)).length);
          expect(answer.facets.map(({ field }) => field)).toEqual(facets.map(({ field }) => field));
          for (const { field: named, values, distinct, missing } of answer.facets) {
            const field = fieldNamed(named);
            expect(distinct).toBe(values.length);
            const asked = values.map(({ key }): QueryNode => {
              const band = field.bands?.find(({ label }) => label === key);
              if (!band) return { kind: 'value', field: named, value: key };
              const { label: _, ...range } = band;
              return { kind: 'numbers', field: named, ...range };
            });
            const counts = await engine.countEach(asked.map((value) => allOf([tree, value])));
            expect(values.map(({ count }) => count)).toEqual(counts);
            for (const { key, label } of values) if (!field.bands) expect(keyOf(field, label)).toBe(key);
            const [without] = await engine.countEach([allOf([tree, noneOf({ kind: 'exists', field: named })])]);
            expect(missing).toBe(without);
            expect(values).toEqual(
              values.toSorted((one, other) => other.count - one.count || (one.key < other.key ? -1 : 1)),
            );
          }
          const short = await engine.search({
            query: tree,
            order: 'updated',
            first: 0,
            facets: facets.map((f) => ({ ...f, top: 2 })),
          });
          for (const [index, { values }] of short.facets.entries()) {
            expect(values.map(({ key }) => key)).toEqual(
              answer.facets[index]?.values.slice(0, 2).map(({ key }) => key),
            );
          }
        }),
        { numRuns: 40 },
      );
    });
  });

  it('RED-9: a dimension is counted over the query that it names, the others over the hits', async () => {
    await using engine = await holding([
      documentWith('a', { skill: ['java'], school: ['Turing College'] }),
      documentWith('b', { skill: ['scala'], school: ['Turing College'] }),
      documentWith('c', { skill: ['scala'], school: ['Lovelace University'] }),
    ]);
    const { total, facets } = await engine.search({
      query: meaning('school:"Turing College" skill:java'),
      order: 'updated',
      first: 0,
      facets: [
        { field: 'skill', top: 5, over: meaning('school:"Turing College"') },
        { field: 'school', top: 5 },
      ],
    });
    expect(total).toBe(1);
    expect(facets.map(({ values }) => values.map(({ label, count }) => [label, count]))).toEqual([
      [
        ['java', 1],
        ['scala', 1],
      ],
      [['Turing College', 1]],
    ]);
  });

  it('RED-1: the last mark is known', async () => {
    await using engine = await open();
    expect(await engine.mark()).toBeUndefined();
    await engine.write({ upserts: [documentWith('a', {})], mark: '7' });
    await engine.write({ removals: ['a'] });
    expect(await engine.mark()).toBe('7');
  });

  describe(`${name} pages`, () => {
    it('API-1: every hit comes once, whatever the size of a page; the newest first where that was asked for', async () => {
      await fc.assert(
        fc.asyncProperty(
          someDocuments,
          aQuery,
          fc.integer({ min: 1, max: 7 }),
          fc.constantFrom('updated' as const, 'relevance' as const),
          async (documents, query, first, order) => {
            await using engine = await holding(documents);
            const tree = meaning(query);
            const ids: string[] = [];
            let after: string | undefined;
            let more = true;
            while (more) {
              const page = await engine.search({ query: tree, order, first, ...(after ? { after } : {}) });
              expect(page.hits.length).toBeLessThanOrEqual(first);
              ids.push(...page.hits.map(({ id }) => id));
              after = page.hits.at(-1)?.cursor;
              more = page.hasNextPage;
              if (order === 'updated') expect(page.rankedBy).toBe('updated');
            }
            expect(new Set(ids).size).toBe(ids.length);
            const reference = new ReferenceEngine();
            await reference.write({ upserts: documents });
            const expected = (await reference.search({ query: tree, order: 'updated', first: 200 })).hits.map(
              ({ id }) => id,
            );
            expect(order === 'updated' ? ids : ids.toSorted()).toEqual(
              order === 'updated' ? expected : expected.toSorted(),
            );
          },
        ),
        { numRuns: 100 },
      );
    });

    it('API-1: a page follows its cursor also when that hit is gone meanwhile', async () => {
      await using engine = await holding(['a', 'b', 'c'].map((id) => documentWith(id, {})));
      const query = meaning('*');
      const page = await engine.search({ query, order: 'updated', first: 2 });
      await engine.write({ removals: ['b'] });
      const after = page.hits.at(-1)?.cursor ?? '';
      expect((await engine.search({ query, order: 'updated', first: 2, after })).hits).toMatchObject([{ id: 'c' }]);
    });

    it('API-1: a cursor of nothing is refused', async () => {
      await using engine = await holding([documentWith('a', {})]);
      await expect(
        engine.search({ query: { kind: 'all' }, order: 'updated', first: 1, after: 'nonsense' }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    });
  });
}
