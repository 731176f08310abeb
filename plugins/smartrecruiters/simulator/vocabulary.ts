// What an account has configured, and candidates carry (SmartRecruiters sheet §8 and §10).

/** Something with a name of the customer's choosing. */
export interface Labelled {
  readonly id: string;
  readonly label: string;
}

/** Why candidates are turned down. */
export const REJECTION_REASONS: readonly Labelled[] = [
  { id: 'rejection-1', label: 'Not enough experience' },
  { id: 'rejection-2', label: 'Position was filled' },
];

/** Why candidates turn away. */
export const WITHDRAWAL_REASONS: readonly Labelled[] = [{ id: 'withdrawal-1', label: 'Took another offer' }];

/** The sub-statuses of the one hiring process, by status. */
export const SUB_STATUSES: Readonly<Record<string, readonly string[]>> = {
  IN_REVIEW: ['Phone Screen 1'],
  INTERVIEW: ['Interview 1', 'Interview 2'],
  OFFERED: ['Sent'],
};
