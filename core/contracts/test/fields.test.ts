import { credentialFields, type FieldValue, readFields, settingFields } from '@talentbridge/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const settings = settingFields({
  region: { kind: 'choice', label: 'Region', choices: [{ value: 'us', label: 'US' }], default: 'us' },
});

const credentials = credentialFields(
  {
    account: { kind: 'text', label: 'Account', check: z.string().regex(/^\d+$/, 'Digits alone.') },
    password: { kind: 'secret', label: 'Password' },
    boards: {
      kind: 'urlList',
      label: 'Boards',
      complete: (entry, { entered, settings: { region } }) =>
        /^\d+$/.test(entry) ? `https://${region}.example.test/${entered.account}/boards/${entry}` : entry,
    },
    home: { kind: 'url', label: 'Home', required: false, complete: (entry) => `https://${entry}` },
  },
  (values, { region }) =>
    (values['boards'] as readonly string[]).flatMap((url, index) =>
      url.startsWith(`https://${region}.`) ? [] : [{ field: 'boards', message: `Board ${index + 1} is elsewhere.` }],
    ),
);

function read(entered: Readonly<Record<string, unknown>>) {
  const chosen = readFields(settings, {}, { brand: 'SeekOut' });
  const values: Readonly<Record<string, FieldValue>> = chosen.ok ? chosen.values : {};
  return readFields(
    credentials,
    { account: ' 1234 ', password: 'p', ...entered },
    { brand: 'SeekOut', settings: values },
  );
}

describe('a form', () => {
  it('CON-4: completes a short form into the whole value, entry by entry, and keeps whole ones as they are', () => {
    expect(read({ boards: '7, https://us.example.test/1234/boards/8 ,7', home: 'example.test' })).toEqual({
      ok: true,
      values: {
        account: '1234',
        password: 'p',
        boards: ['https://us.example.test/1234/boards/7', 'https://us.example.test/1234/boards/8'],
        home: 'https://example.test',
      },
    });
  });

  it('CON-4: checks what was completed, and says which entry is wrong', () => {
    expect(read({ boards: '7, seven' })).toEqual({
      ok: false,
      problems: [{ field: 'boards', message: 'URL 2 of 2: must be a full URL.' }],
    });
  });

  it('CON-4: checks across fields and settings, once every field by itself is right', () => {
    expect(read({ boards: '7, https://eu.example.test/x' })).toEqual({
      ok: false,
      problems: [{ field: 'boards', message: 'Board 2 is elsewhere.' }],
    });
    expect(read({ account: 'abc', boards: 'https://eu.example.test/x' })).toEqual({
      ok: false,
      problems: [{ field: 'account', message: 'Digits alone.' }],
    });
  });

  it('hands no secret to what completes another field', () => {
    const seen: unknown[] = [];
    const form = credentialFields({
      token: { kind: 'secret', label: 'Token' },
      site: {
        kind: 'text',
        label: 'Site',
        complete: (entry, context) => {
          seen.push(context);
          return entry;
        },
      },
    });
    readFields(form, { token: 'hidden-value', site: 'a' }, { brand: 'SeekOut' });
    expect(JSON.stringify(seen)).not.toContain('hidden-value');
  });
});
