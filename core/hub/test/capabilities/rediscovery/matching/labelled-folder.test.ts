import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { labelledFolder } from '../../../../../../test/bench/matching-folder.ts';
import { throwawayFolder } from '../../../../../../test/support/throwaway-files.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = throwawayFolder();
  const all = { 'profiles.ndjson': '', 'candidates.ndjson': '', 'pairs.csv': '', ...files };
  await Promise.all(Object.entries(all).map(([name, text]) => writeFile(join(folder, name), text)));
  return folder;
}

it('RED-4: labelled people of another make are read, with what they say and no more', async () => {
  const folder = await folderWith({
    'profiles.ndjson': [
      { key: 1, firstName: 'Ada', lastName: 'Example', location: { city: 'Paris' }, socialUrls: ['github.com/Ada'] },
      { key: 'p2', emails: [{ address: 'grace@mail.example' }], phones: ['+49 30 901820'] },
    ]
      .map((row) => JSON.stringify(row))
      .join('\n\n'),
    'candidates.ndjson': `${JSON.stringify({
      remoteId: 'c1',
      emails: ['ada@mail.example'],
      address: { country: 'FR' },
      workExperience: [
        { employer: 'Acme', startDate: '2019' },
        { employer: 'Umbrella', endDate: 2018 },
      ],
      education: [{ school: 'Example University', degree: null }],
    })}\r\n{"remoteId":"c2"}\n`,
    'pairs.csv': 'remoteId,key\r\n"c1", 1\r\n',
  });
  const labelled = await labelledFolder(folder);
  expect(await Array.fromAsync(labelled.profiles())).toMatchObject([
    {
      key: '1',
      firstName: 'Ada',
      location: { city: 'Paris' },
      socialUrls: [{ network: 'github', url: 'https://github.com/ada' }],
    },
    { key: 'p2', firstName: '', emails: [{ address: 'grace@mail.example' }], phones: [{ number: '+49 30 901820' }] },
  ]);
  expect(await Array.fromAsync(labelled.candidates())).toMatchObject([
    [
      {
        remoteId: 'c1',
        emails: ['ada@mail.example'],
        address: { country: 'FR' },
        workExperience: [
          { employer: 'Acme', startDate: '2019', current: true },
          { employer: 'Umbrella', endDate: '2018', current: false },
        ],
        education: [{ school: 'Example University' }],
      },
      '1',
    ],
    [{ remoteId: 'c2' }, undefined],
  ]);
});

it.each([
  ['{"firstName":"Ada"}', 'line 1: key is missing.'],
  ['{"key":"a"}\nAda', 'line 2 is no JSON.'],
  ['[]', 'line 1 is no object.'],
  ['{"key":"a","emails":"ada@mail.example"}', 'line 1: emails is no list.'],
  ['{"key":"a","workExperience":[{"company":"Acme"}]}', 'line 1: workExperience[0]: employer is missing.'],
])('RED-4: %s is refused by file, line and member', async (text, message) => {
  const labelled = await labelledFolder(await folderWith({ 'profiles.ndjson': text }));
  await expect(Array.fromAsync(labelled.profiles())).rejects.toThrow(`profiles.ndjson, ${message}`);
});
