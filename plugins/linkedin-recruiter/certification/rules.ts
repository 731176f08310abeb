/** How well a rule's text is known. */
export type Mark =
  /** LinkedIn's own public pages say it. */
  | 'CONFIRMED'
  /** LinkedIn says it of a sister product, or somebody else of this one. */
  | 'SECONDARY'
  /** The public pages are silent; this is how it was read. */
  | 'INFERRED';

/** A rule that LinkedIn publishes for partners, in our own words. */
export interface Rule {
  /** LinkedIn's own number. Rules without one are called `API-` and what they are about. */
  readonly id: string;
  /** The part of the certification that it belongs to. */
  readonly module: string;
  readonly title: string;
  /** What somebody who certifies wants to see. */
  readonly asks: string;
  /** The page that it stands on. */
  readonly source: string;
  readonly mark: Mark;
  /** Beside the mark: what of it is not known. */
  readonly doubt?: string;
  /** Why no program shows it. Absent: it is exercised. */
  readonly unexercised?: {
    readonly as: 'BY HAND';
    /** Why, and what a person does. */
    readonly why: string;
  };
}

const DOCS = 'https://learn.microsoft.com/en-us/linkedin/talent';
const RSC = `${DOCS}/recruiter-system-connect`;

const ONBOARDING = 'Module 1: customers, their applications and integrations';
const SYNCING = 'Module 2: from the ATS to LinkedIn';
const RETRIEVING = 'Module 3: from LinkedIn to the ATS';
const ACCESS_LISTS = 'Module 4: access lists';
const DELETING = 'Module 5: deletions';
const OTHER = 'Module 6: other';
const API = 'Duties on the pages of the APIs';

/**
 * The rules that are public, in the order of the modules. The pages show about their first 2,000 characters, so that the later
 * rules of modules 1, 2 and 3 are not all here; those of the older edition, which are test cases with numbers of their own, fill
 * the gap where they can be read.
 */
export const RULES: readonly Rule[] = [
  {
    id: 'RSC-101',
    module: ONBOARDING,
    title: 'A new customer is onboarded',
    asks: 'Integrations appear in Recruiter under a fitting name, the administrator can enable them, keys and the mapping to organization and contract are stored, and the ATS shows how each integration stands.',
    source: `${RSC}/rsc-cert-module1`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-102',
    module: ONBOARDING,
    title: 'Availability of jobs',
    asks: 'Customers choose whether jobs are public or private; where they cannot, every job is PRIVATE_TO_ATS_INTEGRATION.',
    source: `${RSC}/rsc-cert-module1`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-103',
    module: ONBOARDING,
    title: 'Several customers and contracts',
    asks: 'Each instance has a developer application of its own; what is sent for one is sent with its credentials alone.',
    source: `${RSC}/rsc-cert-module1`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-104',
    module: ONBOARDING,
    title: 'Configuration of integrations',
    asks: 'CALLBACK_URL is stored; JOB_POSTING_VIEWERS and APPLICATION_VIEWERS are ALL_PRODUCT_USERS where no access lists are synced.',
    source: `${RSC}/rsc-cert-module1`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-105',
    module: ONBOARDING,
    title: 'Domains that may show widgets',
    asks: 'The domain that hosts the product is among the JS SDK domains of the customer’s application.',
    source: `${RSC}/rsc-cert-module1-update`,
    mark: 'CONFIRMED',
    unexercised: {
      as: 'BY HAND',
      why: 'The customer’s application is not provisioned by the hub: show its domains in LinkedIn’s developer portal.',
    },
  },
  {
    id: 'RSC-106',
    module: ONBOARDING,
    title: 'Access tokens',
    asks: 'A token is requested with the credentials of the application, kept and used again while it is valid, and requested anew after a 401.',
    source: `${RSC}/rsc-cert-module1-update`,
    mark: 'SECONDARY',
    doubt:
      'The heading is public; the details are those of CRM-001 to CRM-005 of the sister product’s certification page.',
  },
  {
    id: 'RSC-201',
    module: SYNCING,
    title: 'History of jobs',
    asks: 'All jobs of at least two years arrive, closed ones included; their number is that of the ATS; open ones are in the list of an export.',
    source: `${RSC}/rsc-cert-module2`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-202',
    module: SYNCING,
    title: 'History of candidates',
    asks: 'All candidates of at least two years arrive, the indicator shows, the widget shows the right profile, and the numbers are equal.',
    source: `${RSC}/rsc-cert-module2`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-203',
    module: SYNCING,
    title: 'History of applications',
    asks: 'All applications of at least two years arrive with notes, stages and interview feedback, and the numbers are equal.',
    source: `${RSC}/rsc-cert-module2`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-204',
    module: SYNCING,
    title: 'A new candidate',
    asks: 'Values that nobody else has show in the indicator, the widget has the right profile, and the person URN is read and kept.',
    source: `${RSC}/rsc-cert-module2`,
    mark: 'CONFIRMED',
  },
  {
    id: 'Test case 4',
    module: SYNCING,
    title: 'A candidate is edited',
    asks: 'The new value of a synced property shows in Recruiter.',
    source: `${RSC}/rsc-cert-module2 (older edition)`,
    mark: 'CONFIRMED',
    doubt: 'Its number in the present edition is not public.',
  },
  {
    id: 'Test case 5',
    module: SYNCING,
    title: 'Records that are refused',
    asks: 'A record that lacks a required property is seen as failed and told of; the others of its batch arrive.',
    source: `${RSC}/rsc-cert-module2 (older edition)`,
    mark: 'CONFIRMED',
    doubt: 'Its number in the present edition, and what follows its first sentence, are not public.',
  },
  {
    id: 'RSC-301',
    module: RETRIEVING,
    title: 'One-click export of somebody new',
    asks: 'The person appears in the ATS as a candidate for the right job with LinkedIn as their source, and the widget shows the very profile.',
    source: `${RSC}/rsc-cert-module3`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-302',
    module: RETRIEVING,
    title: 'Which properties are taken',
    asks: 'It is clear which properties come from exports and which from InMail stubs.',
    source: `${RSC}/rsc-cert-module3`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-303',
    module: RETRIEVING,
    title: 'One-click export of somebody known',
    asks: 'The same person exported to another job is no second candidate, and belongs to both jobs.',
    source: `${RSC}/rsc-cert-module3`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-304',
    module: RETRIEVING,
    title: 'A profile is linked by hand',
    asks: 'A candidate whom nothing matches is linked in the widget; the profile stays, and the mapping is stored.',
    source: `${RSC}/rsc-cert-module3`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-305',
    module: RETRIEVING,
    title: 'Signed out of LinkedIn, and in again',
    asks: 'The widget asks for a sign-in, then shows the profile; it fits into the page.',
    source: `${RSC}/rsc-cert-module3`,
    mark: 'CONFIRMED',
    unexercised: { as: 'BY HAND', why: 'The frame is LinkedIn’s own: show it in a browser, signed out and signed in.' },
  },
  {
    id: 'Test case 10',
    module: RETRIEVING,
    title: 'InMail history',
    asks: 'An InMail that a recruiter sends, and the answer of the member, are read into the ATS.',
    source: `${RSC}/rsc-cert-module3-orig`,
    mark: 'CONFIRMED',
    doubt: 'Its number in the present edition, and its expected result, are not public.',
  },
  ...[
    ['RSC-401', 'A secured job in exports', 'Only people in the list see the job when they export.'],
    ['RSC-402', 'A secured job in the indicator', 'Only people in the list see the job in the indicator.'],
    ['RSC-403', 'Somebody leaves the list', 'They see the job no longer.'],
    ['RSC-404', 'Somebody comes back to the list', 'They see the job again.'],
  ].map(
    ([id = '', title = '', asks = '']): Rule => ({
      id,
      module: ACCESS_LISTS,
      title,
      asks,
      source: `${RSC}/rsc-cert-module4`,
      mark: 'CONFIRMED',
    }),
  ),
  {
    id: 'RSC-501',
    module: DELETING,
    title: 'What belongs to a candidate is deleted',
    asks: 'Deleted notes no longer show; after the candidate is deleted the indicator no longer shows.',
    source: `${RSC}/rsc-cert-module5`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-502',
    module: DELETING,
    title: 'A candidate is deleted',
    asks: 'A candidate who is deleted in the ATS loses notes and indicator.',
    source: `${RSC}/rsc-cert-module5`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-503',
    module: DELETING,
    title: 'What belongs to an application is deleted',
    asks: 'Deleted notes, stages and feedback no longer show, and at last the application does not.',
    source: `${RSC}/rsc-cert-module5`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-504',
    module: DELETING,
    title: 'An application is deleted',
    asks: 'With the application go its notes, stages and feedback.',
    source: `${RSC}/rsc-cert-module5`,
    mark: 'CONFIRMED',
  },
  {
    id: 'RSC-601',
    module: OTHER,
    title: 'Versioned APIs',
    asks: 'The way to the versioned paths is clear and takes little work. Called RSC-505 in an edition of five modules.',
    source: `${RSC}/rsc-cert-module6`,
    mark: 'CONFIRMED',
    doubt:
      'Versioned names of the resources have changed with the versions; the simulator has those that were public when it was made.',
  },
  {
    id: 'RSC-602',
    module: OTHER,
    title: 'Terms of service',
    asks: 'No known breach of LinkedIn’s terms and of the partnership agreement.',
    source: `${RSC}/rsc-cert-module6`,
    mark: 'CONFIRMED',
    unexercised: { as: 'BY HAND', why: 'Whoever signs the agreement reads the terms and says so.' },
  },
  {
    id: 'API-BATCHES',
    module: API,
    title: 'Batches',
    asks: 'At most 100 records in a call, one call after the other; each record complete, because what is left out is set to null.',
    source: `${DOCS}/middleware-platform/sync-applications`,
    mark: 'CONFIRMED',
  },
  {
    id: 'API-INMAILS',
    module: API,
    title: 'Windows of time',
    asks: 'InMails are asked for in windows of at most 12 hours.',
    source: `${RSC}/recruiter-prospect-interactions/inmail-history`,
    mark: 'CONFIRMED',
  },
  {
    id: 'API-STUBS',
    module: API,
    title: 'Contact data by consent',
    asks: 'Contact data is taken from stubs alone, which exist only where the member agreed; `owners` is always given.',
    source: `${RSC}/recruiter-prospect-interactions/inmail-stub-profiles`,
    mark: 'CONFIRMED',
  },
  {
    id: 'API-NOTES',
    module: API,
    title: 'Notes of recruiters',
    asks: 'A note that is no longer active is deleted in the ATS.',
    source: `${RSC}/recruiter-prospect-interactions/prospect-notes`,
    mark: 'CONFIRMED',
  },
  {
    id: 'API-EXPORTS',
    module: API,
    title: 'Whose export it is',
    asks: 'The integration context of an export must be that of the callback address which was told.',
    source: `${RSC}/retrieve-exported-candidates`,
    mark: 'CONFIRMED',
  },
  {
    id: 'API-CALLBACK',
    module: API,
    title: 'Signed notifications',
    asks: 'Notifications without a valid X-LI-Signature are not believed; a challenge is answered with a signature.',
    source: 'https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation',
    mark: 'CONFIRMED',
    doubt: 'The page is about LinkedIn’s webhooks in general; that it holds for these callback addresses is INFERRED.',
  },
  {
    id: 'API-CLOSED',
    module: API,
    title: 'Members who left',
    asks: 'Exported members who closed their accounts are asked for at least every 30 days, and the customer is told.',
    source: `${RSC}/rsc-release-notes (July 2023)`,
    mark: 'CONFIRMED',
    doubt:
      'The path is INFERRED. Shown is that members who left are found; that the hub asks by itself, its own tests show.',
  },
];
