import type { ProfileStore } from '../../directory/profile-store.js';
import type { Projects } from '../../directory/projects.js';
import { InvalidInputError, NotFoundError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';

/** Candidates in one export at most. */
const MOST_CANDIDATES = 10_000;

/** Which people: those named, and all of a project. */
export interface Selection {
  readonly profileIds?: readonly string[];
  readonly projectId?: string;
}

/** Finds the people of a selection. */
export class Selections {
  constructor(
    private readonly profiles: ProfileStore,
    private readonly projects: Projects,
  ) {}

  /** The profiles of a selection, each once, in order. @throws InvalidInputError, NotFoundError */
  async profileIds(tx: Transaction, selection: Selection): Promise<readonly string[]> {
    const problems: { field: string; message: string }[] = [];
    const named = [...new Set(selection.profileIds ?? [])];
    for (const [index, id] of named.entries()) {
      if (!isUuid(id)) problems.push({ field: `profileIds[${index}]`, message: 'This id is malformed.' });
    }
    if (problems.length > 0) throw new InvalidInputError(problems);
    const known = await this.profiles.byIds(tx, named);
    const unknown = named.find((id) => !known.has(id));
    if (unknown !== undefined) throw new NotFoundError('profile', unknown);
    const members = selection.projectId === undefined ? [] : await this.projects.memberIds(tx, selection.projectId);
    const all = [...new Set([...named, ...members])];
    if (all.length === 0) {
      throw new InvalidInputError([
        { field: 'profileIds', message: 'Choose at least one candidate, or a project that has some.' },
      ]);
    }
    if (all.length > MOST_CANDIDATES) {
      throw new InvalidInputError([
        {
          field: 'profileIds',
          message: `An export takes at most ${MOST_CANDIDATES} candidates; these are ${all.length}.`,
        },
      ]);
    }
    return all;
  }
}
