import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from '../src/plain-text.js';

describe('RSC-2: the description of a job', () => {
  it.each([
    ['<p>One &amp; two.</p><p>Three</p>', 'One & two.\nThree'],
    ['<ul>\n  <li>You weld</li>\n  <li>You <b>like</b> it</li>\n</ul>', '- You weld\n- You like it'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['<style>p { color: red }</style><p>Text<script>alert("</p>")</script></p><!-- <p>none</p> -->', 'Text'],
    ['Seen <!-- never', 'Seen'],
    ['&#8211; &#x2013; &ndash; a&nbsp;b &unknown; &#0; &#9999999;', '– – – a b &unknown;'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['Plain text.', 'Plain text.'],
    ['', ''],
  ])('%j reads %j', (html, text) => {
    expect(plainText(html)).toBe(text);
  });

  it('is text whatever it is made of, in a time that its length allows', () => {
    const part = fc.constantFrom(
      '<',
      '>',
      '<p>',
      '<script>',
      '</script>',
      '<!--',
      '-->',
      ' ',
      '\n',
      '&',
      '&lt;',
      'a',
      '<li ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = plainText(parts.join(''));
        expect(text).toBe(text.trim());
        expect(text).not.toMatch(/\n{3}/);
      }),
    );
    for (const piece of ['<script>', '<!--', '<', ' \n', '<li ', '&#', '<p> ']) plainText(piece.repeat(100_000));
  });
});
