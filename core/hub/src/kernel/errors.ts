import { type CapabilityName, HubError, type HubErrorOptions } from '@talentbridge/contracts';

/** One thing that is wrong with what was entered. */
export interface InputProblem {
  /** The path of the input: `credentials.apiKey`, `profileIds[3]`. */
  readonly field: string;
  /** For people: what is wrong and what would be right, without the value. */
  readonly message: string;
}

/** What was entered cannot be used. Nothing was changed. */
export class InvalidInputError extends HubError {
  readonly code = 'INVALID_INPUT';
  readonly recovery = 'skip';

  constructor(
    readonly problems: readonly InputProblem[],
    options?: HubErrorOptions,
  ) {
    super(problems.map((problem) => `${problem.field}: ${problem.message}`).join(' '), options);
  }
}

/** There is no such record in this organization. Another organization's record answers in the same words. */
export class NotFoundError extends HubError {
  readonly code = 'NOT_FOUND';
  readonly recovery = 'skip';

  constructor(
    /** "connection", "export", "profile". */
    readonly recordType: string,
    readonly id: string,
    options?: HubErrorOptions,
  ) {
    super(`There is no ${recordType} ${id} in this organization. Look it up in the list again.`, options);
  }
}

/** Who can switch a capability on. */
export type SwitchHolder = 'OPERATOR' | 'ADMIN';

/** A capability is off for this organization, and this says who can switch it on. */
export class CapabilityOffError extends HubError {
  readonly code = 'CAPABILITY_OFF';
  readonly recovery = 'skip';

  constructor(
    readonly pluginId: string,
    readonly capability: CapabilityName,
    readonly switchedOnBy: SwitchHolder,
    /** Why it is off, as a sentence. */
    readonly reason: string,
    options?: HubErrorOptions,
  ) {
    super(
      `${reason} ${switchedOnBy === 'ADMIN' ? 'An admin of the organization can switch it on.' : 'The operator of this deployment can change that.'}`,
      options,
    );
  }
}

/** The record is not in a state in which this can be done. Nothing was changed. */
export class WrongStateError extends HubError {
  readonly code = 'WRONG_STATE';
  readonly recovery = 'skip';

  constructor(
    /** The state that the record is in now. */
    readonly state: string,
    /** What was tried, why it cannot be done now and what to do instead. */
    message: string,
    options?: HubErrorOptions,
  ) {
    super(message, options);
  }
}
