import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/directory/profile.js';
import { readProfile } from '../../src/directory/profile-input.js';

function profileOf(value: unknown): Profile {
  const read = readProfile(value);
  if (!read.ok) throw new Error(JSON.stringify(read.reasons));
  return read.profile;
}

function reasonsOf(value: unknown): Record<string, string> {
  const read = readProfile(value);
  return read.ok ? {} : Object.fromEntries(read.reasons.map(({ path, message }) => [path ?? '', message]));
}

const ada = { key: 'p-1', firstName: 'Ada', lastName: 'Example' };

describe('DIR-1: a profile from outside', () => {
  it('is trimmed, composed and freed of what draws nothing', () => {
    const profile = profileOf({
      ...ada,
      firstName: '  Zoe\u0301\u0000 ',
      lastName: 'Exa\u202emple\n Two',
      summary: 'One\r\n\r\n\r\n\r\nTwo\u0007  three ',
    });
    expect(profile).toMatchObject({ firstName: 'Zoé', lastName: 'Example Two', summary: 'One\n\nTwo three' });
  });

  it('takes null and blank for absent, and stores nothing for it', () => {
    expect(profileOf({ ...ada, headline: ' ', summary: null, location: { city: '' }, emails: null })).toEqual({
      ...ada,
      emails: [],
      phones: [],
      socialUrls: [],
      workExperience: [],
      education: [],
      skills: [],
      certifications: [],
      languages: [],
      groups: [],
      interests: [],
      honors: [],
      diversity: [],
      tags: [],
    });
  });

  it('tells every reason at once, each with its place and none with the value', () => {
    const value = {
      key: ' ',
      emails: [{ address: 'ada@example.com' }, { address: 'secret-text' }],
      workExperience: [{ employer: 'Fern', startDate: '2020-02-30' }, { title: 'Nothing' }],
      favouriteColour: 'teal',
    };
    const reasons = reasonsOf(value);
    expect(Object.keys(reasons).toSorted()).toEqual([
      '',
      'emails[1].address',
      'firstName',
      'key',
      'workExperience[0].startDate',
      'workExperience[1].employer',
    ]);
    expect(JSON.stringify(reasons)).not.toMatch(/secret-text|teal|02-30/);
  });

  it.each([null, [], 'text', 7, true])('refuses %j without throwing', (value) => {
    expect(readProfile(value).ok).toBe(false);
  });

  it('refuses what is too much instead of cutting it', () => {
    expect(
      reasonsOf({ ...ada, headline: 'x'.repeat(501), emails: Array(51).fill({ address: 'a@example.com' }) }),
    ).toEqual({
      headline: 'has more than 500 characters',
      emails: 'holds more than 50 entries',
    });
  });

  it('refuses an end before the beginning, as exactly as both are known', () => {
    const job = (startDate: string, endDate: string) => ({
      ...ada,
      workExperience: [{ employer: 'Fern', startDate, endDate }],
    });
    expect(reasonsOf(job('2020-05', '2020-04'))).toHaveProperty('workExperience[0].endDate');
    expect(reasonsOf(job('2020-05', '2020'))).toEqual({});
  });

  it('keeps an address once, revealed when either entry says so', () => {
    const emails = [{ address: 'Ada@Example.com' }, { address: 'mailto:ada@example.com', revealed: true }];
    expect(profileOf({ ...ada, emails }).emails).toEqual([{ address: 'Ada@example.com', revealed: true }]);
  });

  it('reads phone numbers with the help of the country, and keeps as they are those it cannot read', () => {
    const numbers = ['(212) 555-0142', '+44 7700 900123', '555-0142 ext. 9'];
    const profile = profileOf({
      ...ada,
      location: { country: 'USA' },
      phones: numbers.map((number) => ({ number, type: 'Cell' })),
    });
    expect(profile.phones.map(({ number }) => number)).toEqual(['+12125550142', '+447700900123', '555-0142 ext. 9']);
    expect(profile.phones[0]).toEqual({ number: '+12125550142', type: 'mobile', revealed: false });
  });

  it('RED-6: takes coordinates, and refuses what is none on earth', () => {
    const location = { city: 'Porto', coordinates: { latitude: 41.15, longitude: -8.61 } };
    expect(profileOf({ ...ada, location }).location).toEqual(location);
    for (const coordinates of [{ latitude: 91, longitude: 0 }, { latitude: 0, longitude: -181 }, { latitude: 3 }])
      expect(() => profileOf({ ...ada, location: { coordinates } })).toThrow();
  });

  it('knows countries by code and by name in many languages', () => {
    const country = (name: string) => profileOf({ ...ada, location: { country: name } }).location?.country;
    expect(['us', 'UK', 'Germany', 'Deutschland', '日本', 'Ελλάδα', 'Atlantis'].map(country)).toEqual([
      'US',
      'GB',
      'DE',
      'DE',
      'JP',
      'GR',
      'Atlantis',
    ]);
  });

  it('recognises networks by host and writes one person one way', () => {
    const urls = [
      'linkedin.com/in/Ada-Example/?trk=x',
      'https://uk.linkedin.com/in/ada-example/',
      { network: 'LinkedIn', url: 'http://github.com/ada' },
      'https://ada.example.com',
      'https://notlinkedin.com.example.org/in/ada',
    ];
    expect(profileOf({ ...ada, socialUrls: urls }).socialUrls).toEqual([
      { network: 'linkedin', url: 'https://www.linkedin.com/in/ada-example' },
      { network: 'github', url: 'https://github.com/ada' },
      { network: 'website', url: 'https://ada.example.com/' },
      { network: 'website', url: 'https://notlinkedin.com.example.org/in/ada' },
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'https://a:b@example.com/',
    'file:///etc/passwd',
    'nothing',
    'https://',
  ])('refuses %s as a URL', (url) => {
    expect(readProfile({ ...ada, socialUrls: [url] }).ok).toBe(false);
  });

  it('refuses a diversity attribute without its source', () => {
    expect(reasonsOf({ ...ada, diversity: [{ attribute: 'gender', value: 'woman' }] })).toEqual({
      'diversity[0].source': 'is missing',
    });
  });

  it('gives a person known by one name a first name alone', () => {
    expect(profileOf({ key: 'p-2', lastName: 'Suharti' })).toMatchObject({ firstName: 'Suharti' });
    expect(profileOf({ key: 'p-2', fullName: 'Suharti' })).not.toHaveProperty('lastName');
  });

  it('reads its own output to the same profile', () => {
    const profile = profileOf({
      ...ada,
      fullName: 'Dr. Ada Example',
      emails: [{ address: 'ada@example.com', revealed: true, type: 'work' }],
      phones: [{ number: '+12125550142', type: 'mobile', revealed: true }],
      socialUrls: [{ network: 'github', url: 'https://github.com/ada' }],
      workExperience: [{ employer: 'Fern', current: true, companyUrl: 'fern.example.com' }],
      location: { city: 'Porto', country: 'Portugal' },
    });
    expect(profileOf(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  });
});
