import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_BROWSER, startBrowser } from '../support/browser.ts';
import type { LookedInto } from '../support/looked-into.ts';
import { MEMBERS, type PairedSystems, SEATS, startPairedSystems } from '../support/paired-systems.ts';
import { until } from '../support/running-system.ts';

/** Whom a page of the gateway asks for in development, unless it says otherwise. */
const DEVELOPMENT_ORGANIZATION = '00000000-0000-4000-8000-000000000001';
/** A member who is in no ATS. */
const KAI = 'urn:li:person:m3aacpi';

let pair: PairedSystems;
let browser: Browser;
let page: Page;

const atRecruiter = (path = '') => page.goto(`${pair.network.url}/_sim/recruiter${path}`);
const openProfile = (member: string, seat: number = SEATS.rita) =>
  atRecruiter(`/people/${member.split(':').at(-1)}?seat=${seat}`);
const atFrontEnd = (query: Readonly<Record<string, string>> = {}) =>
  page.goto(`${pair.system.url}/dev/network?${new URLSearchParams(query)}`);
const field = (name: string) => page.getByRole('textbox', { name, exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
/** Waits until the page says so. */
const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
const headings = () => expect.poll(() => page.getByRole('heading').allTextContents());

/** A candidate of the mirror, once it is so. */
const mirrored = (lastName: string, isSo: (candidate: LookedInto) => boolean = () => true): Promise<LookedInto> =>
  until(
    () => pair.candidate(lastName, 'rita', ['RECRUITER']),
    (found) => found !== undefined && isSo(found),
  );

async function sendInMail(member: string): Promise<void> {
  await openProfile(member);
  await field('Subject').fill('A role');
  await field('Message').fill('Are you looking?');
  await button('Send').click();
  await says('The InMail was sent.');
}

describe.skipIf(NO_BROWSER !== undefined)(`the pages in a browser${NO_BROWSER ? ` (${NO_BROWSER})` : ''}`, () => {
  beforeAll(async () => {
    [browser, pair] = await Promise.all([
      startBrowser(),
      startPairedSystems({ organizationId: DEVELOPMENT_ORGANIZATION, settings: { NODE_ENV: 'development' } }),
    ]);
    page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    page.on('dialog', (question) => void question.accept());
    // Widgets are blank on any other page.
    for (const application of pair.network.applications()) application.validJsSdkDomains = [pair.system.url];
    await pair.giveSeat(SEATS.rita, 'rita');
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await pair?.[Symbol.asyncDispose]();
  });

  describe('Recruiter', () => {
    it('RSC-2: a search counts the past applicants, and shows them alone', async () => {
      await atRecruiter();
      await page.getByRole('link', { name: 'Past applicants (4)' }).waitFor();
      // Enter in the field is enough.
      await page.getByLabel('Name, title, employer or place').fill('quispe');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Past applicants (1)' }).waitFor();
      expect(await page.getByRole('link', { name: 'Ada Okafor' }).count()).toBe(0);
      await atRecruiter();
      await page.getByLabel('Spotlight').selectOption('Past applicants');
      await button('Search').click();
      await page.waitForURL(/only=pastApplicants/);
      expect(await page.getByText('Past applicant', { exact: true }).count()).toBe(4);
      expect(await page.getByRole('link', { name: 'Mira Vance' }).count()).toBe(0);
    });

    it('RSC-2: a profile has the indicator and the preview: jobs, stage changes, notes, interviews, the link', async () => {
      const { remoteId, applications } = await mirrored('Quispe-a');
      await atRecruiter();
      await page.getByRole('link', { name: 'Bo Quispe-a' }).click();
      await page.getByText('In ATS', { exact: true }).waitFor();
      const preview = page.getByRole('region', { name: 'Preview of the ATS record' });
      const [told] = (await pair.member(MEMBERS.bo)).previews;
      const text = (await preview.textContent()) ?? '';
      expect(text).toContain(applications[0].jobTitle);
      expect(text).toContain(applications[0].stage);
      for (const { stage } of told.jobs[0].stages) expect(text).toContain(stage);
      expect(told.notes.length * told.interviews.length).toBeGreaterThan(0);
      for (const { note, author } of told.notes) expect(text).toContain(`${note}${author}`);
      for (const { feedback, interviewer } of told.interviews) expect(text).toContain(`${feedback}${interviewer}`);
      expect(await preview.getByRole('link', { name: 'Bo Quispe-a' }).getAttribute('href')).toContain(remoteId);
    });

    it('RSC-3: the export to a job by its name', async () => {
      const job = pair.system.vendors.jobscore.account().jobs.find(({ status }) => status === 'open');
      const jobs = page.getByLabel('Job, or nothing for none');
      await openProfile(MEMBERS.mira);
      await says('Not in ATS');
      await jobs.fill(String(job?.title));
      await page.keyboard.press('Enter');
      await says('Exported to the ATS.');
      const { applications } = await mirrored('Vance', (found) => found.applications.length > 0);
      expect(applications).toMatchObject([{ jobTitle: job?.title }]);
      await until(
        () => pair.member(MEMBERS.mira),
        ({ previews }) => previews[0]?.jobs.length > 0,
      );
      await openProfile(MEMBERS.mira);
      await headings().toContain('In your ATS: Mira Vance');
      await jobs.fill('No such job');
      await button('Export').click();
      await page.getByRole('alert').waitFor();
    });

    it('RSC-4: the reply of somebody who shares nothing, and of somebody who shares their address', async () => {
      await sendInMail(KAI);
      await field('Reply as the member').fill('Perhaps.');
      await button('Reply').click();
      await says('The member replied.');
      await says('Perhaps.');
      // Consent is asked for once.
      expect(await page.getByRole('radio').count()).toBe(0);

      await sendInMail(MEMBERS.tove);
      await field('Reply as the member').fill('Yes, call me.');
      await page.getByRole('group', { name: 'Share email and telephone?' }).getByLabel('Yes').check();
      await button('Reply').click();
      await says('The member replied.');

      await pair.poll();
      expect((await mirrored('Wilder')).emails).toEqual(['tove.wilder@mail.example']);
      const { emails, networkProfile } = await mirrored('member');
      expect(networkProfile).toMatchObject({ link: { member: KAI }, counts: { inMails: 2 } });
      expect(emails.join()).not.toContain('kai');
    });

    it('RSC-5, RSC-6: a private note is written with keys alone, is for its author, and is changed', async () => {
      await openProfile(MEMBERS.bo);
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Skip to content');
      await field('Note').focus();
      await page.keyboard.type('Wants to lead a team.');
      await page.keyboard.press('Tab');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Save the note');
      await page.keyboard.press('Enter');
      await says('The note was written.');
      await says('Rita Moss, private');

      await page.getByLabel('Signed in as').selectOption('Tariq Bell, Example Co, hiring');
      await button('Switch').click();
      await says('seat 556 (active)');
      await openProfile(MEMBERS.bo, SEATS.tariq);
      await headings().toContain('Recruiter notes');
      expect(await page.getByText('Wants to lead a team.').count()).toBe(0);

      await openProfile(MEMBERS.bo);
      await field('Change it').fill('Wants to lead two teams.');
      await button('Save').click();
      await says('The note was changed.');
      await pair.poll();
      const { networkProfile } = await mirrored('Quispe-a');
      expect(networkProfile.notes).toMatchObject([{ isPublic: false, content: { text: 'Wants to lead two teams.' } }]);
    });
  });

  describe("a front end's page", () => {
    it('RSC-5, RSC-6: candidates with their marks, and what was written for whoever has the seat', async () => {
      await atFrontEnd({ user: 'rita' });
      await says('linked, 1 note');
      await page.getByRole('link', { name: 'Bo Quispe-a' }).click();
      await says('Wants to lead two teams.');
      await page.getByRole('link', { name: 'All candidates' }).click();
      await headings().toContain('Networks and candidates');
      await atFrontEnd({ user: 'sam', candidate: (await mirrored('Quispe-a')).id });
      await headings().toContain('Notes (1)');
      await says(/^Rita Moss, /);
      expect(await page.getByText('Wants to lead two teams.').count()).toBe(0);
    });

    it("RSC-1, RSC-7: the network's own frame, and somebody connected and parted in it", async () => {
      await atFrontEnd({ user: 'rita', candidate: (await mirrored('Okafor-f')).id });
      const frame = page.frameLocator('iframe[title="LinkedIn profile"]');
      await frame.getByText('No member is linked.').waitFor();
      await frame.getByLabel('Find the right member').fill('Emre');
      await page.keyboard.press('Enter');
      await frame.getByRole('button', { name: 'Link: Emre Okafor-f' }).click();
      await says(`Linked with ${MEMBERS.emre} (BY_HAND)`);
      await frame.getByRole('button', { name: 'Open in Recruiter: Emre Okafor-f' }).waitFor();
      await frame.getByRole('button', { name: 'Unlink: Emre Okafor-f' }).click();
      await says('Linked with nobody');
    });
  });

  describe('what ends', () => {
    it('RSC-5: a note is deleted, and an account is closed', async () => {
      await openProfile(MEMBERS.bo);
      await button('Delete').click();
      await says('The note was changed.');
      expect(await page.getByText('Wants to lead two teams.').count()).toBe(0);
      await openProfile(MEMBERS.ada);
      await button('Close the account').click();
      await says(/^This member closed the account on /);
      expect(await page.getByRole('button').allTextContents()).toEqual(['Switch']);
    });

    it('RSC-2, RSC-6: an integration is switched off, which the hub says at once, and a seat is parked', async () => {
      await atRecruiter('/settings');
      await button('Disable IN_ATS_INDICATOR of Hub - Example Co').click();
      await says('The integration was changed.');
      await button('Enable IN_ATS_INDICATOR of Hub - Example Co').waitFor();
      await openProfile(MEMBERS.bo);
      await says('Not in ATS');
      await until(
        () => pair.state(),
        ({ steps }) => steps.some(({ status, title }: LookedInto) => status === 'TODO' && /^Indicator/.test(title)),
      );
      await atFrontEnd();
      await says(/^○ Indicator and preview in Recruiter enabled: It was switched off/);

      await atRecruiter('/settings');
      await page.getByRole('combobox', { name: 'State of Rita' }).selectOption('PARKED');
      await button('Set the state of Rita').click();
      await says('The seat was changed.');
      await says('seat 555 (parked)');
    });
  });
});
