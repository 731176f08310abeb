import { ERRORS, type TestOrganization } from './export-world.js';

/** How an export goes on. */
export const PROGRESS = `subscription ($id: ID!) { exportProgress(exportId: $id) { id status message counts { total remaining created } } }`;

/** What a profile shows of contact data, and of where it was exported to. */
export const PROFILE = `query ($id: ID!) { profile(id: $id) {
  key firstName lastName fullName emails { address type } hiddenEmailCount phones { number type } hiddenPhoneCount
  exportedTo { atsName connectionId remoteId url exportedAt } } }`;

/** What would be sent, candidate by candidate. */
export const PREVIEW = `mutation ($input: PreviewExportInput!) { previewExport(input: $input) { ${ERRORS} ... on ExportPreview { candidates {
  profileId expectation reason dummyEmail resume profile { key }
  record { firstName lastName emails phones { number type } address { city country } socialUrls { network url } tags
    workExperience { employer title startDate endDate current } education { school degree major graduationDate } }
  adjustments { field part kind reason value } } } } }`;

/** Sends failed items again. */
export const RETRY = `mutation ($id: ID!, $itemIds: [ID!]) { retryExport(exportId: $id, itemIds: $itemIds) {
  ${ERRORS} ... on ExportRetried { export { id status } } } }`;

/** Says what became of an unclear item. */
export const SETTLE = `mutation ($input: SettleExportItemInput!) { settleExportItem(input: $input) {
  ${ERRORS} ... on ExportItemSettled { item { id state outcome code reason remoteId remoteUrl } } } }`;

const PROJECT = `mutation ($projects: [ProjectInput!]!) { upsertProjects(projects: $projects) {
  ${ERRORS} ... on ProjectsUpserted { projects { id key name candidateCount } } } }`;

/** Orders contact data. */
export const REVEAL = `mutation ($input: RevealContactsInput!) { revealContacts(input: $input) {
  ${ERRORS} ... on ContactRevealOrdered { contactReveal { id status } } } }`;

/** How an order of contact data goes on. */
export const REVEAL_PROGRESS = `subscription ($id: ID!) { contactRevealProgress(contactRevealId: $id) {
  status total done withContact revealed failed deleted } }`;

/** A project of these profiles. */
export async function project(org: TestOrganization, profileKeys: readonly string[]): Promise<string> {
  const { data } = await org.ask(PROJECT, { projects: [{ key: 'welders', name: 'Welders', profileKeys }] }, 'ADMIN');
  return data.upsertProjects.projects[0].id;
}

/** The last names that the vendor holds, in order. */
export function arrived({ acme }: TestOrganization): string[] {
  return acme.candidates.map(({ record }) => record.lastName).sort();
}
