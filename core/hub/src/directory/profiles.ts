import { type InputProblem, InvalidInputError, NotFoundError } from '../kernel/errors.js';
import { isUuid, type OrganizationScope } from '../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../kernel/persistence/page.js';
import type { Profile } from './profile.js';
import { readProfile } from './profile-input.js';
import { type ProfileRow, type ProfileStore, type StoredProfile, stored, type UpsertCounts } from './profile-store.js';
import type { Projects } from './projects.js';

/** Profiles in one upsert at most. */
const MOST_UPSERTED = 1_000;

/** Keeps the people found by sourcing. */
export class Profiles {
  constructor(
    private readonly store: ProfileStore,
    private readonly projects: Projects,
  ) {}

  /** Newest first; those of a project alone, where one is named. */
  async list(scope: OrganizationScope, page: PageRequest, projectId?: string): Promise<Page<StoredProfile>> {
    if (projectId !== undefined && !(await this.projects.get(scope, projectId)))
      throw new NotFoundError('project', projectId);
    return scope.read(async (tx) => {
      const rows = await pageOf<ProfileRow>(tx, page, {
        select: 'p.id, p.data, p.updated_at as "updatedAt"',
        from: `talentbridge.profile p where ${tx.own('p')} and ($1::uuid is null or exists (
          select from talentbridge.project_member m where ${tx.own('m')} and m.project_id = $1 and m.profile_id = p.id))`,
        parameters: [projectId ?? null],
        order: 'p.id desc',
        after: { column: 'p.id', comparison: '<' },
      });
      return { ...rows, items: rows.items.map(stored) };
    });
  }

  /** One profile, or `undefined` when there is none. */
  get(scope: OrganizationScope, id: string): Promise<StoredProfile | undefined> {
    if (!isUuid(id)) return Promise.resolve(undefined);
    return scope.read(async (tx) => (await this.store.byIds(tx, [id])).get(id));
  }

  /** Those of the ids that exist. */
  many(scope: OrganizationScope, ids: readonly string[]): Promise<ReadonlyMap<string, StoredProfile>> {
    return scope.read((tx) => this.store.byIds(tx, ids.filter(isUuid)));
  }

  /**
   * Creates or replaces profiles by their key.
   * @throws InvalidInputError that names every problem of every profile; nothing is written then.
   */
  async upsert(
    scope: OrganizationScope,
    inputs: readonly unknown[],
  ): Promise<{ readonly profiles: readonly StoredProfile[]; readonly counts: UpsertCounts }> {
    const problems: InputProblem[] = [];
    if (inputs.length === 0 || inputs.length > MOST_UPSERTED) {
      problems.push({ field: 'profiles', message: `Send 1 to ${MOST_UPSERTED} profiles in one call.` });
    }
    const profiles = new Map<string, Profile>();
    for (const [index, input] of inputs.entries()) {
      const reading = readProfile(input);
      if (!reading.ok) {
        problems.push(
          ...reading.reasons.map(({ path, message }) => ({
            field: `profiles[${index}]${path ? `.${path}` : ''}`,
            message,
          })),
        );
      } else if (profiles.has(reading.profile.key)) {
        problems.push({ field: `profiles[${index}].key`, message: 'This key stands twice in the call.' });
      } else profiles.set(reading.profile.key, reading.profile);
    }
    if (problems.length > 0) throw new InvalidInputError(problems);
    return scope.transaction(async (tx) => {
      const { ids, counts } = await this.store.upsert(tx, [...profiles.values()]);
      const written = await this.store.byIds(tx, ids);
      return { profiles: ids.flatMap((id) => written.get(id) ?? []), counts };
    });
  }
}
