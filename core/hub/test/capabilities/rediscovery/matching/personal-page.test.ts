import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOfHandle } from '../../../../src/directory/personal-page.js';
import { readPersonalPage, readSocialUrl } from '../../../../src/directory/social-url.js';

const linkedIn = (url: string) => readPersonalPage({ network: 'linkedin', url })?.handle;
const gitHub = (url: string) => readPersonalPage({ network: 'github', url })?.handle;

describe('RED-4: one LinkedIn page, however it is written', () => {
  it.each([
    'https://www.linkedin.com/in/ada-example',
    'http://linkedin.com/in/ada-example/',
    'linkedin.com/in/ada-example',
    'www.linkedin.com/in/Ada-Example',
    'HTTPS://WWW.LINKEDIN.COM/IN/ADA-EXAMPLE',
    'https://uk.linkedin.com/in/ada-example',
    'https://de.linkedin.com/in/ada-example/en',
    'https://www.linkedin.com/in/ada-example/de-de/',
    'https://www.linkedin.com/in/ada-example?trk=people-guest_people_search-card',
    'https://www.linkedin.com/in/ada-example?originalSubdomain=uk#experience',
    'https://www.linkedin.com/in/ada-example&trk=x',
    'https://www.linkedin.com/in/ada-example/details/experience/',
    'https://www.linkedin.com/in/ada-example/recent-activity/all/',
    'https://www.linkedin.com/in/ada-example/overlay/contact-info/',
    'https://m.linkedin.com/in/ada-example',
    'https://touch.www.linkedin.com/in/ada-example',
    'https://www.linkedin.com/mwlite/in/ada-example',
    'https://www.linkedin.com/comm/in/ada-example?midToken=x',
    'https://www.linkedin.cn/incareer/in/ada-example',
    'https://www.linkedin.com//in//ada-example//',
    'https://www.linkedin.com/in/ada%2Dexample',
    'https://www.linkedin.com/in/ada%252Dexample',
    'https://www.linkedin.com/in/@ada-example',
    'https://www.linkedin.com/pub/ada-example',
    'https://https://www.linkedin.com/in/ada-example',
    'http://https//www.linkedin.com/in/ada-example',
    '<https://www.linkedin.com/in/ada-example>',
    '(linkedin.com/in/ada-example),',
    'https://www.linkedin.com/authwall?trk=x&sessionRedirect=https%3A%2F%2Fuk.linkedin.com%2Fin%2Fada-example',
    'https://www.linkedin.com/uas/login?session_redirect=https%3A%2F%2Fwww.linkedin.com%2Fin%2Fada-example%2F',
    'in/ada-example',
    '@ada-example',
    'Ada-Example',
  ])('%s', (url) => expect(linkedIn(url)).toBe('ada-example'));

  it('moves the three parts of an old public page behind the name, last one first, with their zeros', () => {
    expect(linkedIn('https://www.linkedin.com/pub/ada-example/a7/576/b50')).toBe('ada-example-b50576a7');
    expect(linkedIn('https://uk.linkedin.com/pub/ada-example/4/2b/c?trk=x')).toBe('ada-example-00c02b4');
    expect(linkedIn('https://www.linkedin.com/pub/ada-example/b50576')).toBeUndefined();
  });

  it.each([
    ['https://www.linkedin.com/in/zo%C3%AB-example', 'zoë-example'],
    ['https://www.linkedin.com/in/zoe%CC%88-example', 'zoë-example'],
    ['https://www.linkedin.com/in/ZO%c3%8B-example', 'zoë-example'],
    ['https://www.linkedin.com/in/山田-太郎', '山田-太郎'],
  ])('%s is %s', (url, handle) => expect(linkedIn(url)).toBe(handle));

  it.each([
    'https://www.linkedin.com/company/example',
    'https://www.linkedin.com/school/example-university/',
    'https://www.linkedin.com/showcase/example',
    'https://www.linkedin.com/groups/123',
    'https://www.linkedin.com/jobs/view/123',
    'https://www.linkedin.com/posts/ada-example_activity-1',
    'https://www.linkedin.com/feed/update/urn:li:activity:1',
    'https://www.linkedin.com/pub/dir/Ada/Example',
    'https://www.linkedin.com/profile/view?id=1234',
    'https://www.linkedin.com/sales/lead/ACwAAAB1xyz,NAME_SEARCH,abcd',
    'https://www.linkedin.com/sales/people/ACwAAAB1xyz',
    'https://www.linkedin.com/talent/profile/AEMAAAB1xyz',
    'https://www.linkedin.com/recruiter/profile/1,2,CAP',
    'https://www.linkedin.com/in/ACoAAB1xyzabcdefghijk',
    'https://www.linkedin.com/in/',
    'https://www.linkedin.com/in/me',
    'https://www.linkedin.com/in/unavailable/',
    'https://www.linkedin.com/',
    'https://www.linkedin.com.example.org/in/ada-example',
    'https://notlinkedin.com/in/ada-example',
    'https://lnkd.in/abcd',
    'none',
  ])('%s identifies nobody', (url) => expect(linkedIn(url)).toBeUndefined());
});

describe('RED-4: one GitHub account, however it is written', () => {
  it.each([
    'https://github.com/ada',
    'http://www.github.com/Ada/',
    'github.com/ada',
    'https://github.com/@ada',
    'https://github.com/ada?tab=repositories',
    'https://github.com/ada#readme',
    'https://m.github.com/ada',
    'https://gist.github.com/ada',
    'https://api.github.com/users/ada',
    'github.com/ada.',
    '@ada',
    'ada',
  ])('%s', (url) => expect(gitHub(url)).toBe('ada'));

  it.each([
    'https://github.com/ada/engine',
    'https://github.com/ada/engine/blob/main/README.md',
    'https://github.com/orgs/example/people',
    'https://github.com/sponsors/ada',
    'https://gist.github.com/ada/0123456789abcdef',
    'https://github.com/login',
    'https://github.com/features',
    'https://github.com/topics',
    'https://ada.github.io/',
    'https://raw.githubusercontent.com/ada/x/main/y',
    'https://github.com/-ada',
    'https://github.com/ada--lovelace',
    'https://github.com/',
    'https://github.company.example/ada',
  ])('%s identifies nobody', (url) => expect(gitHub(url)).toBeUndefined());
});

it('RED-4: writing a page the one way changes nothing the second time', () => {
  const handles = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(handles, fc.constantFrom('linkedin' as const, 'github' as const), (text, network) => {
      const page = pageOfHandle(network, text);
      if (!page) return;
      expect(readPersonalPage({ network: 'website', url: page.url })).toEqual(page);
      expect(readSocialUrl(page.url)).toEqual({ network, url: page.url });
    }),
  );
});

it('RED-4: reads whatever stands where a URL should, and stays quick', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const url = `https://www.linkedin.com/in/${text}`;
      const page = readPersonalPage({ network: 'linkedin', url });
      if (page) expect(readPersonalPage({ network: 'linkedin', url: page.url })).toEqual(page);
    }),
  );
  expect(linkedIn('"'.repeat(1_000_000))).toBeUndefined();
});
