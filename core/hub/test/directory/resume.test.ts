import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { readProfile } from '../../src/directory/profile-input.js';
import { renderResume } from '../../src/directory/resume/render-resume.js';
import { ResumeRenderError, ResumeRenderer } from '../../src/directory/resume/resume-renderer.js';

function profileOf(fields: object) {
  const read = readProfile({ key: 'p-1', ...fields });
  if (!read.ok) throw new Error(JSON.stringify(read.reasons));
  return read.profile;
}

/** The pages' text, and how the file calls its fonts. */
async function textOf(bytes: Uint8Array): Promise<{ text: string; pages: number }> {
  const { text, totalPages } = await extractText(await getDocumentProxy(bytes.slice()), { mergePages: true });
  return { text: text.replace(/\s+/g, ' '), pages: totalPages };
}

/** The compiled worker: threads run no TypeScript with our import names. */
const worker = new URL('../../dist/directory/resume/resume-worker.js', import.meta.url);

const ada = profileOf({
  firstName: 'Ada',
  lastName: 'Łukasiewicz',
  headline: 'Engineer 🚀',
  location: { city: 'Porto', country: 'PT' },
  emails: [
    { address: 'shown@example.com', revealed: true },
    { address: 'hidden@example.com', revealed: false },
  ],
  phones: [
    { number: '+12125550142', type: 'mobile', revealed: true },
    { number: '+12125550199', type: 'home', revealed: false },
  ],
  workExperience: [{ employer: 'Lumen Orchard', title: 'Lead', startDate: '2021-03', current: true }],
  tags: ['Internal tag'],
  diversity: [{ attribute: 'gender', value: 'undisclosed value', source: 'form' }],
});

describe('EXP-7: the résumé', () => {
  it('holds the profile as text, of the contact data only what is revealed, and neither tags nor diversity', async () => {
    const { text } = await textOf(await renderResume(ada));
    for (const part of [
      'Ada Łukasiewicz',
      'Engineer',
      'Porto, Portugal',
      'shown@example.com',
      '+12125550142',
      'Lumen Orchard',
      'Mar 2021 – Present',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toMatch(/hidden|0199|Internal tag|undisclosed/);
  });

  it.each([
    ['Ἀλέξανδρος Παπαδάκης', 'Παπαδάκης'],
    ['Наталія Щербакова', 'Щербакова'],
    ['欧阳明月', '欧阳明月'],
    ['佐藤さくら', '佐藤さくら'],
    ['남궁민수', '남궁민수'],
    ['Nguyễn Thị Hương', 'Nguyễn Thị Hương'],
    ['Արամ', 'Արամ'],
    ['გიორგი', 'გიორგი'],
  ])('draws %s', async (fullName, expected) => {
    const { text } = await textOf(await renderResume(profileOf({ fullName })));
    expect(text.normalize('NFC')).toContain(expected);
    expect(text).not.toContain('?');
  });

  // How their glyphs are turned back into characters differs between readers; that each has a glyph does not.
  it.each(['محمد الأحمد (دبي)', 'דנה כהן', 'प्रिया शर्मा', 'สมชาย ใจดี', 'বাংলা', 'தமிழ்', 'తెలుగు'])(
    'has glyphs for %s',
    async (fullName) => {
      const { text } = await textOf(await renderResume(profileOf({ fullName })));
      expect(text).not.toContain('?');
      expect(text.trim()).not.toBe('');
    },
  );

  it('marks what no font can draw, and leaves out emoji', async () => {
    const { text } = await textOf(
      await renderResume(profileOf({ fullName: 'Ada ខ្មែរ', headline: '👩‍💻 Engineer 🇵🇹' })),
    );
    expect(text).toMatch(/^Ada \?+ Engineer/);
  });

  it('breaks a long history over pages, with every job once and numbered pages', async () => {
    const workExperience = Array.from({ length: 40 }, (_, index) => ({
      employer: `Employer-${index}.`,
      title: 'Engineer',
      startDate: String(1980 + index),
      endDate: String(1981 + index),
      summary: 'Did the work and wrote it down. '.repeat(8),
    }));
    const { text, pages } = await textOf(await renderResume(profileOf({ fullName: 'Ada Example', workExperience })));
    expect(pages).toBeGreaterThan(3);
    for (const { employer } of workExperience) expect(text.split(employer)).toHaveLength(2);
    expect(text).toContain(`1 / ${pages}`);
  });

  it('breaks words that are wider than a line', async () => {
    const { text } = await textOf(
      await renderResume(profileOf({ fullName: 'Ada Example', summary: 'x'.repeat(5000) })),
    );
    expect(text.replace(/[^x]/g, '').length).toBeGreaterThanOrEqual(5000);
  });

  it('makes the same bytes of the same profile, whatever was drawn before', async () => {
    const first = await renderResume(ada);
    await renderResume(profileOf({ fullName: 'ﬁ‑ligature‐hyphens\u00a0欧阳 ﬃ', summary: 'office ½ 1/2' }));
    expect(Buffer.compare(await renderResume(ada), first)).toBe(0);
  });
});

describe('drawing in threads', () => {
  it('makes the same file as drawing here, many at once, under a name in ASCII', async () => {
    const renderer = new ResumeRenderer({ worker });
    try {
      const files = await Promise.all(Array.from({ length: 6 }, () => renderer.render(ada)));
      expect(files[0]).toMatchObject({ filename: 'Ada-Lukasiewicz-resume.pdf', contentType: 'application/pdf' });
      const here = await renderResume(ada);
      expect(files.every(({ bytes }) => Buffer.compare(bytes, here) === 0)).toBe(true);
    } finally {
      await renderer.close();
    }
  });

  it.each([
    ['Văn Đức Nguyễn', 'Van-Duc-Nguyen-resume.pdf'],
    ['Æsa Þórsdóttir', 'Aesa-Thorsdottir-resume.pdf'],
    ['Søren Groß', 'Soren-Gross-resume.pdf'],
    ['欧阳', 'candidate-resume.pdf'],
  ])('names the file of %s %s', async (fullName, filename) => {
    const renderer = new ResumeRenderer({ worker, threads: 1 });
    try {
      expect((await renderer.render(profileOf({ fullName }))).filename).toBe(filename);
    } finally {
      await renderer.close();
    }
  });

  it('gives up on a résumé that takes too long, and draws the next', async () => {
    const renderer = new ResumeRenderer({ worker, threads: 1, timeoutMs: 1 });
    await expect(renderer.render(ada)).rejects.toThrow(ResumeRenderError);
    await renderer.close();
    await expect(renderer.render(ada)).rejects.toThrow('closed');
  });

  it('fails what is waiting when it is closed', async () => {
    const renderer = new ResumeRenderer({ worker, threads: 1 });
    const waiting = [renderer.render(ada), renderer.render(ada)];
    const settled = Promise.allSettled(waiting);
    await renderer.close();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
