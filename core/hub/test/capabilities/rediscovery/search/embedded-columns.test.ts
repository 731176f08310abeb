import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../../../src/capabilities/rediscovery/search/embedded/bytes.js';
import {
  storedDocument,
  wholeTermsOf,
} from '../../../../src/capabilities/rediscovery/search/embedded/stored-document.js';
import {
  TextColumn,
  TextLookup,
  utf8Of,
} from '../../../../src/capabilities/rediscovery/search/embedded/text-column.js';
import { ValueDictionary } from '../../../../src/capabilities/rediscovery/search/embedded/value-dictionary.js';
import { documentWith } from './documents.js';

const aText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '\u{d7ff}', '\u{e000}', '\u{ffff}', '😀', '\u{10ffff}'),
    maxLength: 4,
  }),
);

describe('columns of the embedded index', () => {
  it('RED-8: a value is looked up once, however many applications of a person have it', () => {
    const applications = Array.from({ length: 20_000 }, (_, number) => ({
      texts: {
        job: [`Welder ${number % 50}`],
        status: ['Active'],
        outcome: ['ACTIVE'],
        recruiter: [`R ${number % 9}`],
      },
      numbers: { applied: [number] },
    }));
    const asked: string[] = [];
    const encode = (field: string, value: string) => asked.push(`${field} ${value}`) + 1_000;
    const document = documentWith('d-1', { skill: ['Welding'], tag: ['Welding'] }, { applications });
    storedDocument(document, wholeTermsOf(document), encode);
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
    expect(asked).toHaveLength(50 + 1 + 1 + 9 + 2);
  });

  it('RED-6: texts come back as they were, are found, and stand in the order of UTF-16 units', () => {
    fc.assert(
      fc.property(fc.array(aText, { maxLength: 60 }), aText, (texts, another) => {
        const column = new TextColumn();
        const lookup = new TextLookup(column);
        for (const text of texts) {
          column.push(utf8Of(text));
          lookup.add(column.length - 1);
        }
        expect(texts.map((_, index) => column.at(index))).toEqual(texts);
        for (const text of [...texts, another]) {
          const last = texts.lastIndexOf(text);
          expect(lookup.find(utf8Of(text))).toBe(last === -1 ? undefined : last);
        }
        for (const [one, text] of texts.entries()) {
          for (const [other, second] of texts.entries()) expect(column.comesBefore(one, other)).toBe(text < second);
        }
      }),
    );
  });

  it('RED-6: texts are found among many', () => {
    const column = new TextColumn();
    const lookup = new TextLookup(column);
    for (let number = 0; number < 20_000; number++) {
      column.push(utf8Of(`candidate-${number}`));
      lookup.add(number);
    }
    for (let number = 0; number < 20_000; number++) expect(lookup.find(utf8Of(`candidate-${number}`))).toBe(number);
    expect(lookup.find(utf8Of('candidate-20000'))).toBeUndefined();
  });

  it('RED-6: numbers and texts are read as they were written', () => {
    const parts = fc.array(
      fc.oneof(
        fc.nat(),
        fc.double({ noNaN: true }).map((double) => ({ double })),
        aText,
      ),
    );
    const writer = new ByteWriter();
    fc.assert(
      fc.property(parts, (all) => {
        for (const part of all) {
          if (typeof part === 'number') writer.count(part);
          else if (typeof part === 'string') writer.text(part);
          else writer.number(part.double);
        }
        const reader = new ByteReader(writer.take());
        for (const part of all) {
          if (typeof part === 'number') expect(reader.count()).toBe(part);
          else if (typeof part === 'string') expect(Buffer.from(reader.text()).toString()).toBe(part);
          else expect(reader.number()).toBe(part.double);
        }
      }),
    );
  });

  it('RED-9: a dictionary learns the values of another one, and none that was forgotten', () => {
    const theirs = new ValueDictionary();
    const [java, sql] = ['Java', 'SQL'].map((label) => theirs.add('skill', label.toLowerCase(), label));
    const berlin = theirs.add('location', 'java', 'Java');
    expect(theirs.forget(sql ?? 0)).toBe(true);
    expect(theirs.forget(sql ?? 0)).toBe(false);
    expect(theirs.find('skill', 'sql')).toBeUndefined();
    const ours = new ValueDictionary();
    ours.add('skill', 'python', 'python');
    const known = ours.add('skill', 'java', 'JAVA');
    const codes = new Map<number, number>();
    const packed = theirs.packedFrom(0);
    if (packed) ours.addPacked(packed, (their, our) => codes.set(their, our));
    expect(codes).toEqual(
      new Map([
        [java, known],
        [berlin, ours.find('location', 'java')],
      ]),
    );
    expect([ours.key(known), ours.label(known), ours.label(known - 1)]).toEqual(['java', 'JAVA', 'python']);
    expect(theirs.packedFrom(theirs.size)).toBeUndefined();
  });
});
