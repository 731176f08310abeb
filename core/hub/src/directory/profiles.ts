import type { AuditLog } from '../kernel/audit/audit-log.js';
import { type InputProblem, InvalidInputError, NotFoundError } from '../kernel/errors.js';
import { isUuid, type OrganizationScope } from '../kernel/persistence/organization-scope.js';
import { type Page, type PageRequest, pageOf } from '../kernel/persistence/page.js';
import type { Profile } from './profile.js';
import { readProfile } from './profile-input.js';
import { type ProfileRow, type ProfileStore, type StoredProfile, stored, type UpsertCounts } from './profile-store.js';
import type { Projects } from './projects.js';

/** Which contact data is revealed. */
export type ContactKind = 'EMAIL' | 'PHONE';

/** Profiles in one upsert at most. */
const MOST_UPSERTED = 1_000;
/** Profiles in one request to reveal at most. */
const MOST_REVEALED = 10_000;

/** What a request to reveal contact data did. */
export interface RevealCounts {
  readonly profiles: number;
  /** Profiles that have such contact data now. */
  readonly withContact: number;
  /** Addresses and numbers that were not revealed before. */
  readonly revealed: number;
}

/** Keeps the people found by sourcing. */
export class Profiles {
  constructor(
    private readonly store: ProfileStore,
    private readonly projects: Projects,
    private readonly audit: AuditLog,
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

  /**
   * Reveals contact data ("get email for all", "get phone for all"), so that exports may carry it. Revealing twice
   * changes nothing.
   * @throws InvalidInputError, NotFoundError
   */
  async revealContacts(
    scope: OrganizationScope,
    request: {
      readonly profileIds?: readonly string[];
      readonly projectId?: string;
      readonly kinds: readonly ContactKind[];
    },
  ): Promise<RevealCounts> {
    const named = [...new Set(request.profileIds ?? [])];
    const malformed = named.findIndex((id) => !isUuid(id));
    if (malformed >= 0)
      throw new InvalidInputError([{ field: `profileIds[${malformed}]`, message: 'This id is malformed.' }]);
    if (request.kinds.length === 0)
      throw new InvalidInputError([{ field: 'kinds', message: 'Choose emails, phones or both.' }]);
    return scope.transaction(async (tx) => {
      const members = request.projectId === undefined ? [] : await this.projects.memberIds(tx, request.projectId);
      const ids = [...new Set([...named, ...members])];
      if (ids.length === 0 || ids.length > MOST_REVEALED) {
        throw new InvalidInputError([
          { field: 'profileIds', message: `Choose 1 to ${MOST_REVEALED} profiles, or a project that has some.` },
        ]);
      }
      const found = await this.store.byIds(tx, ids);
      const unknown = named.find((id) => !found.has(id));
      if (unknown !== undefined) throw new NotFoundError('profile', unknown);
      const changes = [...found.values()].map(({ profile }) => reveal(profile, request.kinds));
      await this.store.upsert(
        tx,
        changes.map((change) => change.profile),
      );
      const counts: RevealCounts = {
        profiles: changes.length,
        withContact: changes.filter((change) => change.hasContact).length,
        revealed: changes.reduce((sum, change) => sum + change.revealed, 0),
      };
      await this.audit.record(
        tx,
        scope.caller,
        'contacts.reveal',
        { type: 'project', id: request.projectId ?? '-' },
        {
          ...counts,
          kinds: request.kinds,
        },
      );
      return counts;
    });
  }
}

function reveal(
  profile: Profile,
  kinds: readonly ContactKind[],
): { readonly profile: Profile; readonly revealed: number; readonly hasContact: boolean } {
  const emails = kinds.includes('EMAIL');
  const phones = kinds.includes('PHONE');
  const hidden = (contacts: readonly { readonly revealed: boolean }[]): number =>
    contacts.filter((contact) => !contact.revealed).length;
  return {
    profile: {
      ...profile,
      emails: emails ? profile.emails.map((email) => ({ ...email, revealed: true })) : profile.emails,
      phones: phones ? profile.phones.map((phone) => ({ ...phone, revealed: true })) : profile.phones,
    },
    revealed: (emails ? hidden(profile.emails) : 0) + (phones ? hidden(profile.phones) : 0),
    hasContact: (emails && profile.emails.length > 0) || (phones && profile.phones.length > 0),
  };
}
