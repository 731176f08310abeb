import { HOSTILE_STRINGS } from '@talentbridge/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fold } from '../../../../src/capabilities/rediscovery/search/text/fold.js';
import { stemEnglish } from '../../../../src/capabilities/rediscovery/search/text/stem.js';
import { LONGEST_TERM, tokenize, wordsOf } from '../../../../src/capabilities/rediscovery/search/text/tokens.js';

const terms = (text: string): string =>
  tokenize(text)
    .map(({ term }) => term)
    .join(' ');

it.each([
  ['C++17, C#, F# and C', 'c++ 17 c# f# and c'],
  ['.NET, ASP.NET; net. Net', '.net asp .net net net'],
  ['ada@provider.net', 'ada provider net'],
  ['AT&T at T R&D R & D Johnson&Johnson', 'at&t at t r&d r&d johnson johnson'],
  ['C & C++ C&C++', 'c c++ c c++'],
  ['CompTIA A+ a+b', 'comptia a+ a b'],
  ['node.js full-stack snake_case TCP/IP', 'node js full stack snake case tcp ip'],
  ['https://github.com/ada-king?tab=x', 'https github com ada king tab x'],
  ['O’Brien O`Brien OBrien', 'obrien obrien obrien'],
  ['bachelor’s companies’ don’t', 'bachelor companies dont'],
  ["L'Oréal d'affaires", 'l oreal d affaires'],
  ['10,000 1,2 10,0000 3.11', '10000 1 2 10 0000 3 11'],
  ['Straße Łódź Søren Ærø naïve İstanbul', 'strasse lodz soren aero naive istanbul'],
  ['ΣΊΣΥΦΟΣ ёлка', 'σισυφοσ елка'],
  ['ＦＵＬＬ　ｗｉｄｔｈ ﬁne ｶﾞ', 'full width fine ガ'],
  ['soft\u00adware zero\u200bwidth', 'software zero width'],
  ['機械学習', '機械 械学 学習 習'],
  ['React開発者', 'react 開発 発者 者'],
  ['がか', 'がか か'],
  ['\u1112\u1161\u11ab글', '한글 글'],
  ['हिन्दी العَرَبِيَّة', 'हिन्दी العربيه'],
  ['กำ', 'กํา า'],
  ['عَلِيّ على علی', 'علي علي علي'],
  ['فاطمة فاطمه كريم کریم أحمد احمد', 'فاطمه فاطمه كريم كريم احمد احمد'],
  ['٢٠٢٠ ۲۰۲۱ ปี๒๕๖๓ २०', '2020 2021 ปี 2563 20'],
])('RED-6: %s is searched as %s', (text, expected) => {
  expect(terms(text)).toBe(expected);
});

it('RED-6: every term knows where it stands in the text as it was', () => {
  const text = 'Zoë Straße — ﬁne Ｃ＋＋ ｶﾞイド R & D O’Brien’s';
  expect(tokenize(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    'Zoë',
    'Straße',
    'ﬁne',
    'Ｃ＋＋',
    'ｶﾞイ',
    'イド',
    'ド',
    'R & D',
    'O’Brien’s',
  ]);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom(...HOSTILE_STRINGS.map(({ text }) => text)),
  fc
    .array(
      fc.constantFrom(
        ..."\u1100 \u1161 \u11a8 ㉠ ㅏ 가 \u200d \u0301 e ' ’ & + # . , - 1 000 a b 東 ก ำ ー ﾞ c++ .net at&t d' \u115f ñ Å K".split(
          ' ',
        ),
      ),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('')),
);

it('RED-6: folding what is folded changes nothing, and neither does splitting what was split', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(fold(fold(text))).toBe(fold(text));
      const words = wordsOf(text).map((word) => word.text);
      for (const joint of [' ', '-']) expect(wordsOf(words.join(joint)).map((word) => word.text)).toEqual(words);
    }),
    { numRuns: 5_000 },
  );
});

it('RED-6: terms have positions without gaps and places within the text, in its order', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      let last = 0;
      for (const [index, { term, position, start, end }] of tokenize(text).entries()) {
        expect(position).toBe(index);
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(text.length);
        expect(term).not.toBe('');
        last = start;
      }
    }),
    { numRuns: 2_000 },
  );
});

it('RED-6: what nobody types is cut', () => {
  expect(terms('x'.repeat(1_000))).toBe('x'.repeat(LONGEST_TERM));
});

it.each([
  'manager managers',
  'manage manages managed managing',
  'develop develops developed developing',
  'developer developers',
  'company companies',
  'study studies studied studying',
  'class classes',
  'box boxes',
  'plan plans planned planning',
  'hire hires hired hiring',
  'agree agreed agreeing',
  'test tests tested testing',
  'woman women',
  'business businesses',
  'analysis analyses',
])('RED-6: %s are forms of one word', (forms) => {
  expect(new Set(forms.split(' ').map(stemEnglish)).size).toBe(1);
});

it.each([
  'engine engineer engineering',
  'account accountant accounting',
  'market marketing',
  'manage manager management',
  'university universe universal',
  'organization organ',
  'develop developer development',
  'new news',
  'window windows',
  'string str',
  'bus bu',
])('RED-6: %s are different words', (words) => {
  const stems = words.split(' ').map(stemEnglish);
  expect(new Set(stems).size).toBe(stems.length);
});
