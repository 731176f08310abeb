import { z } from 'zod';

// Bodies as the vendor's Swagger names them (JobDiva sheet §6, CONFIRMED). Strict, so that what JobDiva ignores without
// a word can be told apart; `readBody` ignores it and notes it down.

const text = z.string().optional();
const whole = z.number().int().optional();

/** `POST /apiv2/v2/login` (JobDiva sheet §2). */
export const loginBody = z.strictObject({ clientId: z.number().int(), userName: z.string(), password: z.string() });

/** `POST /apiv2/jobdiva/searchCandidateProfile`. */
export const searchCandidateBody = z.strictObject({
  address: text,
  assignmentFilter: z.looseObject({}).optional(),
  candidateQuals: z.array(z.strictObject({ catId: whole, dcatNames: text })).optional(),
  city: text,
  country: text,
  createdDate: text,
  email: text,
  firstName: text,
  includeUdfs: z.array(z.unknown()).optional(),
  lastName: text,
  linkedinProfile: text,
  maxreturned: whole,
  offset: whole,
  phone: text,
  searchForUdfs: z.array(z.strictObject({ udfName: text, udfValue: text })).optional(),
  state: text,
  zipCode: text,
});

const contactFields = {
  address1: text,
  address2: text,
  alternateemail: text,
  city: text,
  countryid: text,
  currentsalary: z.number().optional(),
  currentsalaryunit: text,
  email: text,
  firstName: text,
  lastName: text,
  preferredsalary: z.number().optional(),
  preferredsalaryunit: text,
  professionsSpecialties: z.looseObject({}).optional(),
  state: text,
  zipCode: text,
};

/** `POST /apiv2/jobdiva/createCandidate`. */
export const createCandidateBody = z.strictObject({
  ...contactFields,
  cellphone: text,
  educations: z.array(z.strictObject({ degree: text, major: text, school: text, year: whole })).optional(),
  enddate: text,
  fax: text,
  homephone: text,
  narrative: text,
  owner: whole,
  resumeSource: whole,
  startdate: text,
  titleskillcertification: text,
  titleskillcertifications: z
    .array(z.strictObject({ titleskillcertification: text, startDate: text, endDate: text, years: whole }))
    .optional(),
  userfields: z.array(z.strictObject({ userfieldId: whole, userfieldValue: text })).optional(),
  workphone: text,
  years: whole,
});

/** `POST /apiv2/jobdiva/updateCandidateProfile`. `phone` is none of its fields (JobDiva sheet §6). */
export const updateCandidateBody = z.strictObject({
  ...contactFields,
  candidateid: whole,
  phones: z.array(z.strictObject({ action: whole, ext: text, phone: text, type: text })).optional(),
});

/** `POST /apiv2/jobdiva/updateCandidateSNLinks` (not in the extract; names CONFIRMED by a client). */
export const updateLinksBody = z.strictObject({
  candidateid: whole,
  socialnetworks: z.array(z.strictObject({ name: text, link: text })).optional(),
});

/** `POST /apiv2/jobdiva/uploadResume`. */
export const uploadResumeBody = z.strictObject({
  candidateid: whole,
  filecontent: text,
  filename: text,
  recruiterid: whole,
  resumeDate: text,
  resumesource: whole,
  textfile: text,
});

/** `POST /apiv2/jobdiva/createJobApplication`. */
export const createApplicationBody = z.strictObject({
  candidateid: whole,
  dateapplied: text,
  globalid: text,
  jobid: whole,
  resumesource: whole,
});

/** `POST /apiv2/jobdiva/searchSubmittal` (not in the extract; JobDiva sheet §6, unverified). */
export const searchSubmittalBody = z.strictObject({
  submittalid: whole,
  jobid: whole,
  candidateid: whole,
  candidateemail: text,
});

/** `POST /apiv2/jobdiva/SearchJob`. */
export const searchJobBody = z.strictObject({
  city: text,
  companyId: whole,
  companyname: text,
  contactid: whole,
  countryId: text,
  divisionId: whole,
  divisionIds: z.array(z.unknown()).optional(),
  experience: whole,
  ismyjob: z.boolean().optional(),
  issuedatefrom: text,
  issuedateto: text,
  jobId: whole,
  jobdivaref: text,
  jobtype: z.array(z.unknown()).optional(),
  maxReturned: whole,
  offset: whole,
  onlyHealthcareJob: z.boolean().optional(),
  onlyMyPrimaryJobs: z.boolean().optional(),
  optionalref: text,
  portalId: whole,
  searchForUdfs: z.array(z.strictObject({ udfName: text, udfValue: text })).optional(),
  showAllOpenJobs: z.boolean().optional(),
  startdatefrom: text,
  startdateto: text,
  state: z.array(z.string()).optional(),
  status: whole,
  statuses: z.array(z.number().int()).optional(),
  title: text,
  zipcode: text,
  zipcodeRadius: whole,
});
