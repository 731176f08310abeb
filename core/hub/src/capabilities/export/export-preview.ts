import {
  type CandidateRecord,
  type ExportCapability,
  type ExportField,
  type ExportRequest,
  type ExportTarget,
  isHubError,
} from '@talentbridge/contracts';
import type { Adjustment } from '@talentbridge/plugin-host';
import { drawDummyNumber } from '../../directory/dummy-email.js';
import type { ProfileStore } from '../../directory/profile-store.js';
import { callContext } from '../../kernel/call-context.js';
import type { Deployment } from '../../kernel/deployment.js';
import { InvalidInputError } from '../../kernel/errors.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { ExportDestinations } from './export-destinations.js';
import type { ExportOptions } from './export-model.js';
import { accountKeyOf } from './exports.js';
import { DEFAULT_LOOK_UP_BATCH } from './look-ahead.js';
import { type PreparedCandidate, prepareCandidate, refusalOf } from './prepare-candidate.js';
import type { Selection, Selections } from './selections.js';

/** Candidates in one preview at most. */
const MOST_PREVIEWED = 200;
const CALL_LIMIT_MS = 30_000;

/**
 * What is expected to happen to a candidate.
 *
 * - `NEW`: a candidate is created
 * - `UPDATE`: one that is there is updated
 * - `SKIP`: it was exported before and is not sent
 * - `REFUSE`: something required is missing
 */
export type Expectation = 'NEW' | 'UPDATE' | 'SKIP' | 'REFUSE';

/** One candidate as it would go out. */
export interface PreviewedCandidate {
  readonly profileId: string;
  readonly expectation: Expectation;
  /** Why it is skipped or refused, and what to do about it. */
  readonly reason?: string;
  readonly record: CandidateRecord;
  /** The placeholder address of this preview; the export draws one of its own. */
  readonly dummyEmail: boolean;
  readonly adjustments: readonly Adjustment[];
  /** A résumé goes along. */
  readonly resume: boolean;
}

/** What a preview asks for. */
export interface PreviewOrder extends Selection {
  readonly connectionId: string;
  readonly target?: ExportTarget;
  readonly options: ExportOptions;
}

/** Says what an export would send, to the letter, without sending anything. */
export class ExportPreview {
  constructor(
    private readonly destinations: ExportDestinations,
    private readonly selections: Selections,
    private readonly profiles: ProfileStore,
    private readonly deployment: Deployment,
  ) {}

  /** @throws InvalidInputError, NotFoundError, CapabilityOffError, WrongStateError */
  async preview(scope: OrganizationScope, order: PreviewOrder): Promise<readonly PreviewedCandidate[]> {
    const { connection, profileIds } = await scope.transaction(async (tx) => ({
      connection: await this.destinations.usable(tx, order.connectionId),
      profileIds: await this.selections.profileIds(tx, order),
    }));
    if (profileIds.length > MOST_PREVIEWED) {
      throw new InvalidInputError([
        {
          field: 'profileIds',
          message: `A preview takes at most ${MOST_PREVIEWED} candidates; these are ${profileIds.length}. Preview a part.`,
        },
      ]);
    }
    const exporter = await this.destinations.exporter(scope, connection);
    const knownTags = await exporter.listTags?.(callContext('interactive', CALL_LIMIT_MS));
    const preparation = { exporter, knownTags, dummyEmailDomain: this.deployment.dummyEmailDomain };
    const { profiles, before } = await scope.read(async (tx) => ({
      profiles: await this.profiles.byIds(tx, profileIds),
      before: await tx.rows<{ profileId: string; unclear: boolean; arrived: boolean }>(
        `select i.profile_id as "profileId", bool_or(i.outcome = 'UNCLEAR') as unclear,
           bool_or(i.outcome in ('CREATED', 'UPDATED')) as arrived
         from talentbridge.export_item i
         where ${tx.own('i')} and i.profile_id = any($1::uuid[]) and i.account_key = $2 group by i.profile_id`,
        [profileIds, accountKeyOf(connection)],
      ),
    }));
    const history = new Map(before.map((row) => [row.profileId, row]));
    const candidates = profileIds.flatMap((profileId) => {
      const found = profiles.get(profileId);
      if (!found) return [];
      const number = order.options.generateDummyEmails ? drawDummyNumber() : null;
      return [{ profileId, found, prepared: prepareCandidate(found.profile, number, preparation) }];
    });
    const target = order.target ?? { kind: 'prospect' };
    const there = await alreadyThere(exporter, target, candidates);
    return candidates.flatMap(({ profileId, found, prepared }) => {
      const past = history.get(profileId);
      const expected = expectation(prepared.missing, past, order.options, {
        there: there.has(profileId),
        updates: exporter.limits.absorbsRepeats ?? false,
      });
      return [
        {
          profileId,
          ...expected,
          record: prepared.record,
          dummyEmail: prepared.record.emails.length > 0 && !found.profile.emails.some((email) => email.revealed),
          adjustments: prepared.adjustments,
          resume: exporter.fields.some((field) => field.name === 'resume'),
        },
      ];
    });
  }
}

/** Profiles whose person the ATS has already, where it can say so for many at once; an ATS that is away says nothing. */
async function alreadyThere(
  exporter: ExportCapability,
  target: ExportTarget,
  candidates: readonly { readonly profileId: string; readonly prepared: PreparedCandidate }[],
): Promise<ReadonlySet<string>> {
  const there = new Set<string>();
  const most = exporter.limits.lookUpBatch ?? DEFAULT_LOOK_UP_BATCH;
  try {
    for (let start = 0; exporter.lookUp && start < candidates.length; start += most) {
      const requests = candidates.slice(start, start + most).map(
        ({ profileId, prepared }): ExportRequest => ({
          itemId: profileId,
          candidate: prepared.record,
          target,
          firstTriedAt: new Date().toISOString(),
          notThese: [],
        }),
      );
      const found = await exporter.lookUp(callContext('interactive', CALL_LIMIT_MS), requests);
      for (const profileId of Object.keys(found)) there.add(profileId);
    }
  } catch (error) {
    if (!isHubError(error)) throw error;
  }
  return there;
}

function expectation(
  missing: readonly ExportField[],
  past: { readonly unclear: boolean; readonly arrived: boolean } | undefined,
  options: ExportOptions,
  ats: { readonly there: boolean; readonly updates: boolean },
): { readonly expectation: Expectation; readonly reason?: string } {
  if (past?.unclear) {
    return {
      expectation: 'SKIP',
      reason: 'Whether an earlier export of this person arrived is not settled. Settle that item first.',
    };
  }
  if (past?.arrived && !options.includePreviouslyExported) {
    return {
      expectation: 'SKIP',
      reason: 'Exported to this ATS account before. Include previously exported candidates to send it again.',
    };
  }
  if (missing.length > 0) {
    const { reason, remedy } = refusalOf(missing);
    return { expectation: 'REFUSE', reason: `${reason} ${remedy}` };
  }
  return { expectation: ats.there || (past?.arrived && ats.updates) ? 'UPDATE' : 'NEW' };
}
