import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asideWhenDue,
  type CrawlPlace,
  firstPlace,
  markOf,
  nextList,
  readCursor,
  writeCursor,
} from '../src/crawl-place.js';

const AT = Date.parse('2026-11-22T12:00:00.000Z');
const MARK = new Date(AT).toISOString();

describe('the place of a run', () => {
  it('walks jobs that take candidates before people, and workflows before those who are gone', () => {
    const listsOf = (kind: 'all' | 'changes'): readonly string[] => {
      const lists: string[] = [];
      let place: ReturnType<typeof nextList> = firstPlace(kind);
      for (; place !== undefined; place = nextList(kind, place)) lists.push(place.list);
      return lists;
    };
    expect(listsOf('all')).toStrictEqual(['count', 'posted', 'people', 'jobs']);
    expect(listsOf('changes')).toStrictEqual(['jobs', 'workflows', 'people']);
  });

  it('RED-1: comes back out of its cursor', () => {
    const id = fc.nat();
    const place = fc.record(
      {
        list: fc.constantFrom('count' as const, 'jobs' as const, 'people' as const),
        after: id,
        mark: fc.constant(MARK),
        together: fc.integer({ min: 1, max: 40 }),
        people: id,
        within: fc.record({ person: id, after: id }, { noNullPrototype: true }),
        caughtUp: fc.constant(MARK),
        aside: fc.constant({ ...firstPlace('changes'), since: MARK }),
      },
      { requiredKeys: ['list', 'after', 'mark', 'together', 'people'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(place, (here) => {
        expect(readCursor('all', writeCursor(here))).toStrictEqual(here);
      }),
    );
  });

  it('is none of a cursor of anything else', () => {
    const changes = { ...firstPlace('changes'), mark: MARK, list: 'workflows' } as const;
    expect(readCursor('changes', writeCursor(changes))).toStrictEqual(changes);
    expect(readCursor('all', writeCursor(changes))).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (cursor) => {
        expect(readCursor('all', cursor)).toBeUndefined();
      }),
    );
  });
});

describe('the mark of a run', () => {
  it('RED-2: is a quarter of an hour before the clock that is behind', () => {
    expect(markOf(AT)).toBe('2026-11-22T11:45:00.000Z');
    expect(markOf(AT, AT + 60_000)).toBe('2026-11-22T11:45:00.000Z');
    expect(markOf(AT, AT - 60_000)).toBe('2026-11-22T11:44:00.000Z');
  });
});

describe('a walk beside a crawl', () => {
  it('RED-2: is due an hour after what it was caught up with', () => {
    const crawl: CrawlPlace & { mark: string } = { ...firstPlace('all'), list: 'people', mark: markOf(AT) };
    expect(asideWhenDue(crawl, AT + 59 * 60_000)).toStrictEqual(crawl);
    expect(asideWhenDue(crawl, AT + 60 * 60_000).aside).toMatchObject({ list: 'jobs', since: crawl.mark });
    const caughtUp = markOf(AT + 60 * 60_000);
    expect(asideWhenDue({ ...crawl, caughtUp }, AT + 119 * 60_000).aside).toBeUndefined();
    expect(asideWhenDue({ ...crawl, caughtUp }, AT + 120 * 60_000).aside).toMatchObject({ since: caughtUp });
  });
});
