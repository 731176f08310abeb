import { describe, expect, it } from 'vitest';
import {
  applicationRecord,
  candidateRecord,
  feedbackRecord,
  jobRecord,
  noteRecord,
  stageRecord,
} from '../src/pushed-records.js';
import { application, candidate, feedback, job, note, stage } from './mirrored.js';
import { ORGANIZATION } from './start-linkedin.js';

const MEMBER = 'urn:li:person:a1b2c3d4';

describe('RSC-2: jobs (sheet §5.1)', () => {
  it('are whole, and for recruiters alone', () => {
    expect(jobRecord(job({ description: 'Text' }), ORGANIZATION)).toEqual({
      record: {
        integrationContext: ORGANIZATION,
        externalJobPostingId: 'JOB-1',
        title: 'Backend Engineer',
        description: 'Text',
        location: 'Oakland, United States',
        availability: 'PRIVATE_TO_ATS_INTEGRATION',
        state: 'LISTED',
        companyApplyUrl: 'https://careers.example/jobs/1',
        listedAt: Date.parse('2026-01-02T03:04:05.000Z'),
      },
    });
  });

  it('fall back to the title, and to the page of the job', () => {
    const { applyUrl: _applyUrl, ...withoutApplyUrl } = job();
    expect(jobRecord(withoutApplyUrl, ORGANIZATION)).toMatchObject({
      record: { description: 'Backend Engineer', companyApplyUrl: 'https://ats.example/jobs/1' },
    });
  });

  it('RSC-201: have the careers site where the ATS has no page of them, closed ones for instance', () => {
    const { applyUrl: _applyUrl, remoteUrl: _remoteUrl, ...withoutPage } = job({ open: false });
    const careersUrl = 'https://careers.example';
    expect(jobRecord(withoutPage, ORGANIZATION, careersUrl)).toMatchObject({
      record: { state: 'CLOSED', companyApplyUrl: careersUrl },
    });
    expect(jobRecord(job(), ORGANIZATION, careersUrl)).toMatchObject({
      record: { companyApplyUrl: 'https://careers.example/jobs/1' },
    });
  });

  it('are closed by their state', () => {
    expect(jobRecord(job({ open: false }), ORGANIZATION)).toMatchObject({ record: { state: 'CLOSED' } });
  });

  it('have a title that does not end within a character', () => {
    const title = `${'x'.repeat(199)}\u{1f600}`;
    expect(jobRecord(job({ title }), ORGANIZATION)).toMatchObject({ record: { title: 'x'.repeat(199) } });
  });

  it('have a title of at most 200 characters', () => {
    expect(jobRecord(job({ title: 'x'.repeat(300) }), ORGANIZATION)).toMatchObject({
      record: { title: 'x'.repeat(200) },
    });
  });

  it.each([
    ['no place', { location: ' ' }, /place/],
    ['a place of one part', { location: 'Remote' }, /place/],
    ['nowhere to apply', { applyUrl: 'ask Rita', remoteUrl: '' }, /web address/],
    ['no title', { title: ' ' }, /title/],
    ['no date', { createdAt: 'yesterday' }, /when/],
  ])('are refused with %s before anything is sent', (_what, some, reason) => {
    expect(jobRecord(job(some), ORGANIZATION)).toEqual({ refused: expect.stringMatching(reason) });
  });
});

describe('RSC-1, RSC-2: candidates (sheet §5.2)', () => {
  it('are whole: the home address alone, and what improves a match', () => {
    expect(candidateRecord({ candidate: candidate() })).toEqual({
      record: {
        atsCreatedAt: Date.parse('2026-01-02T03:04:05.000Z'),
        atsLastModifiedAt: Date.parse('2026-02-02T03:04:05.000Z'),
        firstName: 'Ada',
        lastName: 'Okafor',
        emailAddresses: ['ada@home.example'],
        phoneNumbers: [{ number: '+14155550100' }],
        addresses: [
          {
            line1: '104 Example St',
            city: 'Oakland',
            geographicArea: 'CA',
            geographicAreaType: 'STATE',
            postalCode: '94607',
            country: 'us',
          },
        ],
        externalProfileUrl: 'https://ats.example/candidates/C-1',
        currentCompanyName: 'Northwind',
        currentJobTitle: 'Staff Engineer',
        linkedInProfileUrl: 'https://www.linkedin.com/in/ada-okafor',
      },
    });
  });

  it.each([
    ['linkedin.com/in/ada', 'https://linkedin.com/in/ada'],
    ['www.linkedin.com/in/ada', 'https://www.linkedin.com/in/ada'],
    ['HTTPS//odd', undefined],
  ])('name their profile at LinkedIn, however it is written: %s', (url, sent) => {
    const written = candidateRecord({ candidate: candidate({ socialUrls: [{ network: 'linkedin', url }] }) });
    expect('record' in written && Object(written.record).linkedInProfileUrl).toBe(sent);
  });

  it('carry the person whom they are, each time', () => {
    expect(candidateRecord({ candidate: candidate(), member: MEMBER })).toMatchObject({
      record: { manualMatchedMember: MEMBER, emailAddresses: ['ada@home.example'] },
    });
    expect(candidateRecord({ candidate: candidate({ emails: [] }), member: MEMBER })).toMatchObject({
      record: { manualMatchedMember: MEMBER, emailAddresses: [] },
    });
  });

  it('never changed before they were made', () => {
    const times = { createdAt: '2026-03-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };
    const at = Date.parse(times.createdAt);
    expect(candidateRecord({ candidate: candidate(times) })).toMatchObject({
      record: { atsCreatedAt: at, atsLastModifiedAt: at },
    });
  });

  it.each([
    ['no address', { emails: [] }, /email/],
    ['an address that is none', { emails: ['ada'] }, /email/],
    ['no last name', { lastName: ' ' }, /last name/],
    ['no link', { remoteUrl: 'C-1' }, /link/],
    ['no date', { createdAt: '', updatedAt: '' }, /when/],
  ])('are refused with %s, without a word of the person', (_what, some, reason) => {
    const written = candidateRecord({ candidate: candidate(some) });
    expect(written).toEqual({ refused: expect.stringMatching(reason) });
    expect(JSON.stringify(written)).not.toMatch(/ada|okafor/i);
  });
});

describe('RSC-2: applications and what belongs to them (sheet §5.4, §5.5)', () => {
  it('name job, source and the reason of a refusal', () => {
    const rejected = application({ status: 'rejected', rejectionReason: 'Withdrew late' });
    expect(applicationRecord({ application: rejected, candidate: candidate(), job: job() })).toEqual({
      record: {
        atsCreatedAt: Date.parse('2026-01-03T00:00:00Z'),
        atsLastModifiedAt: Date.parse('2026-01-04T00:00:00Z'),
        atsCandidateId: 'C-1',
        atsJobPostingId: 'JOB-1',
        atsJobPostingName: 'Backend Engineer',
        firstName: 'Ada',
        lastName: 'Okafor',
        candidateEmail: 'ada@home.example',
        source: 'Referral',
        dispositionReason: 'Withdrew late',
      },
    });
  });

  it('call a job that the mirror does not have by what the application says, or by its id', () => {
    const nameOf = (some: object) => {
      const written = applicationRecord({ application: application(some), candidate: candidate() });
      return 'record' in written ? written.record : undefined;
    };
    expect(nameOf({ jobTitle: 'Welder' })).toMatchObject({ atsJobPostingName: 'Welder' });
    expect(nameOf({})).toMatchObject({ atsJobPostingName: 'JOB-1' });
  });

  it('notes and feedback have an author with both names', () => {
    expect(noteRecord(note())).toMatchObject({ record: { author: { firstName: 'Rita', lastName: 'Moss' } } });
    const nobody = { firstName: 'Rita', lastName: '' };
    expect(noteRecord(note({ author: nobody }))).toEqual({ refused: expect.stringMatching(/author/) });
    expect(feedbackRecord(feedback({ interviewer: nobody }))).toEqual({
      refused: expect.stringMatching(/interviewer/),
    });
    expect(noteRecord(note({ text: ' ' }))).toEqual({ refused: expect.stringMatching(/empty/) });
  });

  it('feedback says which kind of interview it was, and what was recommended', () => {
    expect(feedbackRecord(feedback())).toMatchObject({
      record: { interviewType: 'PHONE_SCREEN', evaluations: [{ attribute: 'Recommendation', result: 'yes' }] },
    });
    const { text: _text, ...silent } = feedback({ kind: 'onsite' });
    expect(feedbackRecord(silent)).toMatchObject({ record: { interviewType: 'ONSITE', feedback: 'yes' } });
    const { recommendation: _recommendation, ...mute } = silent;
    expect(feedbackRecord(mute)).toEqual({ refused: expect.stringMatching(/said nothing/) });
  });

  it.each(['', ' ', 'Not Available', ' Not Available '])('the stage %j is left out', (name) => {
    expect(stageRecord(stage({ stage: name }))).toEqual({ refused: expect.any(String) });
  });
});
