// What the simulated iCIMS holds, named as its API names it.

/** A value of a list field (iCIMS sheet §5). */
export interface ListValue {
  readonly id: string;
  readonly value: string;
}

/** An entry of a collection, with the number by which it is addressed. */
export interface CollectionEntry {
  readonly entry: number;
  readonly [part: string]: unknown;
}

/** A person. Which fields there are is the tenant's business. */
export interface SimulatedPerson {
  readonly id: number;
  /** Texts, list values and collections, by the tenant's field ids. Blank ones are absent. */
  readonly fields: Map<string, unknown>;
  folder: ListValue;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  updatedAt: number;
  resume?: SimulatedFile;
  /** The API user may not see this person: 404 code 3. */
  hidden: boolean;
}

/** A stored file. */
export interface SimulatedFile {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  /** How often one was put here. */
  readonly uploads: number;
}

/** A job. */
export interface SimulatedJob {
  readonly id: number;
  readonly jobtitle: string;
  /** As people know it: `2026-1709`. */
  readonly jobid: string;
  folder: ListValue;
  readonly joblocation: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  updatedAt: number;
  readonly positioncategory?: ListValue;
  readonly recruiter?: { readonly id: number; readonly name: string };
  /** Portals on which it is posted; none: it takes no candidates from outside. */
  portals: readonly string[];
}

/** A recruiting workflow: one person on one job. */
export interface SimulatedWorkflow {
  readonly id: number;
  readonly jobId: number;
  personId: number;
  readonly source?: string;
  readonly sourcename?: string;
  status: ListValue;
  /** The API user may not see this workflow: 404 code 3. */
  hidden?: boolean;
  readonly createdAt: number;
  updatedAt: number;
}

/** A user of the API. */
export interface SimulatedUser {
  readonly username: string;
  password: string;
  /** May use web services at all. */
  webServices: boolean;
  /** Is in the Integration User group, without which nothing can be searched. */
  integrationUser: boolean;
  /** Fields of a person that the login group does not see. */
  readonly hiddenFields: Set<string>;
  /** Fields of a recruiting workflow that the login group does not see. */
  readonly hiddenWorkflowFields: Set<string>;
  /** Fields of a person that must not be empty when this user writes. */
  readonly requiredFields: Set<string>;
  /** Addresses that may call as this user; empty: any. */
  allowedAddresses: readonly string[];
}

/** A value of one of the tenant's own lists, such as schools. */
export interface ListOption extends ListValue {
  hidden: boolean;
}
