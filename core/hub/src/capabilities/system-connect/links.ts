import { isHubError, type MemberId, type NetworkMatch, type OpenConnection } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { AuditLog } from '../../kernel/audit/audit-log.js';
import { callContext } from '../../kernel/call-context.js';
import { InvalidInputError, NotFoundError, WrongStateError } from '../../kernel/errors.js';
import type { Entitlements } from '../../kernel/organizations/entitlements.js';
import { isUuid, type OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../kernel/persistence/transaction.js';
import type { MirrorContent } from './mirror-content.js';
import { pairStanding } from './pair-standing.js';
import { makeDue } from './pushing/due-records.js';
import type { NetworkLink } from './system-connect-model.js';

/** How long a person waits for the network; what it has not heard by then is pushed. */
const PERSON_WAITS_MS = 10_000;
const LONGEST_MEMBER = 500;

/** The columns of a `NetworkLink`, of a table that is called `l`; only of links with a member. */
const LINK_COLUMNS = `l.connection_id as "connectionId", l.candidate_remote_id as "candidateRemoteId", l.member, l.how,
  l.linked_by as "linkedBy", l.linked_at as "linkedAt"`;

/** A candidate of the mirror, at a network. */
export interface CandidateOfPair {
  /** Of the network. */
  readonly connectionId: string;
  /** The mirror's id. */
  readonly candidateId: string;
}

/** What `Links` works with. */
export interface LinksParts {
  readonly entitlements: Entitlements;
  readonly mirror: MirrorContent;
  readonly audit: AuditLog;
  readonly logger: Logger;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  /** Has what is due pushed at once. */
  readonly pushNow: (tx: Transaction, connectionId: string) => Promise<void>;
}

/**
 * Who candidates are at the network. What a person says holds, and goes with the candidate to the network; else what the network
 * finds is taken over.
 */
export class Links {
  constructor(private readonly parts: LinksParts) {}

  /** The links of candidates of the ATS. Who is linked with nobody is left out. */
  of(tx: Transaction, connectionId: string, candidateRemoteIds: readonly string[]): Promise<readonly NetworkLink[]> {
    return tx.rows<NetworkLink>(
      `select ${LINK_COLUMNS} from talentbridge.network_link l
       where ${tx.own('l')} and l.connection_id = $1 and l.candidate_remote_id = any($2::text[]) and l.member is not null`,
      [connectionId, candidateRemoteIds],
    );
  }

  /** The candidates of the ATS that are linked with members. */
  ofMembers(tx: Transaction, connectionId: string, members: readonly MemberId[]): Promise<readonly NetworkLink[]> {
    return tx.rows<NetworkLink>(
      `select ${LINK_COLUMNS} from talentbridge.network_link l
       where ${tx.own('l')} and l.connection_id = $1 and l.member = any($2::text[]) order by l.linked_at, l.candidate_remote_id`,
      [connectionId, members],
    );
  }

  /** Takes over whom the network takes candidates for, of those that it was asked about. */
  async takeOver(
    tx: Transaction,
    connectionId: string,
    asked: readonly string[],
    matches: readonly NetworkMatch[],
  ): Promise<void> {
    const found = matches.flatMap(({ candidateRemoteId, member, byHand }) =>
      member ? [{ candidateRemoteId, member, how: byHand ? 'BY_HAND' : 'MATCHED' }] : [],
    );
    const matched = new Set(found.map(({ candidateRemoteId }) => candidateRemoteId));
    // What a person said at the network holds as what one said here; what was said here holds first.
    await tx.rows(
      `insert into talentbridge.network_link as l (organization_id, connection_id, candidate_remote_id, member, how)
       select $1, $2, n.candidate, n.member, n.how from unnest($3::text[], $4::text[], $5::text[]) as n (candidate, member, how)
       on conflict (organization_id, connection_id, candidate_remote_id) do update
         set member = excluded.member, how = excluded.how, linked_by = null, linked_at = now()
         where l.refused_member is distinct from excluded.member and case l.how
           when 'BY_HAND' then false
           when 'ADDED' then excluded.how = 'BY_HAND' and l.member is distinct from excluded.member
           else (l.member, l.how) is distinct from (excluded.member, excluded.how) end`,
      [
        tx.organizationId,
        connectionId,
        found.map(({ candidateRemoteId }) => candidateRemoteId),
        found.map(({ member }) => member),
        found.map(({ how }) => how),
      ],
    );
    const unmatched = asked.filter((remoteId) => !matched.has(remoteId));
    if (unmatched.length === 0) return;
    // Whom a person refused before is still refused.
    await tx.rows(
      `update talentbridge.network_link l set member = null, how = 'UNLINKED', linked_at = now()
       where ${tx.own('l')} and l.connection_id = $1 and l.candidate_remote_id = any($2::text[])
         and l.how = 'MATCHED' and l.refused_member is not null`,
      [connectionId, unmatched],
    );
    await tx.rows(
      `delete from talentbridge.network_link l
       where ${tx.own('l')} and l.connection_id = $1 and l.candidate_remote_id = any($2::text[]) and l.how = 'MATCHED'`,
      [connectionId, unmatched],
    );
  }

  /** Who candidates are by a person's word, or because they came from the network: it goes along with them. */
  async saidMembers(
    tx: Transaction,
    connectionId: string,
    candidateRemoteIds: readonly string[],
  ): Promise<ReadonlyMap<string, MemberId>> {
    const links = await this.of(tx, connectionId, candidateRemoteIds);
    return new Map(
      links.filter(({ how }) => how !== 'MATCHED').map(({ candidateRemoteId, member }) => [candidateRemoteId, member]),
    );
  }

  /** A candidate came from the network. What a person said of them before holds. */
  async setAdded(tx: Transaction, connectionId: string, candidateRemoteId: string, member: MemberId): Promise<void> {
    const pair = await pairStanding(tx, this.parts.entitlements, connectionId);
    if (pair.kind === 'NONE') return;
    await tx.rows(
      `insert into talentbridge.network_link as l (organization_id, connection_id, candidate_remote_id, member, how)
       values ($1, $2, $3, $4, 'ADDED')
       on conflict (organization_id, connection_id, candidate_remote_id) do update
         set member = excluded.member, how = 'ADDED', linked_by = null, linked_at = now() where l.how <> 'BY_HAND'`,
      [tx.organizationId, connectionId, candidateRemoteId, member],
    );
    const known = await this.parts.mirror.idsNamed(tx, pair.pair.atsConnectionId, 'candidate', [candidateRemoteId]);
    await makeDue(
      tx,
      connectionId,
      'candidate',
      known.map(({ id }) => id),
    );
    if (known.length > 0) await this.parts.pushNow(tx, connectionId);
  }

  /**
   * Says who a candidate is at the network. It holds whatever the network finds.
   * @throws NotFoundError, InvalidInputError
   * @throws WrongStateError while the pair does not work.
   */
  async linkProfile(
    scope: OrganizationScope,
    { member, ...candidate }: CandidateOfPair & { readonly member: MemberId },
  ): Promise<NetworkLink> {
    if (member === '' || member.length > LONGEST_MEMBER || /[\p{Cc}\p{Cs}]/u.test(member)) {
      throw new InvalidInputError([
        { field: 'member', message: 'This is no id of a member. Take it from the network.' },
      ]);
    }
    const { connectionId } = candidate;
    const remoteId = await scope.transaction(async (tx) => {
      const known = await this.candidate(tx, candidate);
      await tx.rows(
        `insert into talentbridge.network_link (organization_id, connection_id, candidate_remote_id, member, how, linked_by)
         values ($1, $2, $3, $4, 'BY_HAND', $5)
         on conflict (organization_id, connection_id, candidate_remote_id) do update
           set member = excluded.member, how = 'BY_HAND', refused_member = null, linked_by = excluded.linked_by, linked_at = now()`,
        [tx.organizationId, connectionId, known, member, scope.caller.userId],
      );
      await this.changed(tx, scope, candidate, 'candidate.linkProfile');
      return known;
    });
    await this.resolve(scope, connectionId, remoteId, member);
    const link = await scope.transaction(async (tx) => (await this.of(tx, connectionId, [remoteId]))[0]);
    if (!link) throw new NotFoundError('link', candidate.candidateId);
    return link;
  }

  /**
   * Says that a candidate is not who they are linked with: the network's finding of that member is not taken again.
   * @throws NotFoundError
   * @throws WrongStateError when the candidate is linked with nobody, or while the pair does not work.
   */
  async unlinkProfile(scope: OrganizationScope, candidate: CandidateOfPair): Promise<void> {
    const { connectionId } = candidate;
    const remoteId = await scope.transaction(async (tx) => {
      const known = await this.candidate(tx, candidate);
      const link = await tx.row(
        `update talentbridge.network_link l
         set refused_member = l.member, member = null, how = 'UNLINKED', linked_by = $3, linked_at = now()
         where ${tx.own('l')} and l.connection_id = $1 and l.candidate_remote_id = $2 and l.member is not null returning l.how`,
        [connectionId, known, scope.caller.userId],
      );
      if (!link) throw new WrongStateError('UNLINKED', 'This candidate is linked with nobody.');
      await this.changed(tx, scope, candidate, 'candidate.unlinkProfile');
      return known;
    });
    await this.resolve(scope, connectionId, remoteId, undefined);
  }

  /** The network does not know the member that somebody said a candidate is: they left, or never were there. */
  async refused(tx: Transaction, connectionId: string, candidateRemoteId: string, member: MemberId): Promise<void> {
    await tx.rows(
      `update talentbridge.network_link l
       set refused_member = l.member, member = null, how = 'UNLINKED', linked_by = null, linked_at = now()
       where ${tx.own('l')} and l.connection_id = $1 and l.candidate_remote_id = $2 and l.member = $3 and l.how <> 'MATCHED'`,
      [connectionId, candidateRemoteId, member],
    );
  }

  /** Candidates that went leave no link. */
  async forget(tx: Transaction, connectionId: string, candidateRemoteIds: readonly string[]): Promise<number> {
    if (candidateRemoteIds.length === 0) return 0;
    const rows = await tx.rows(
      `delete from talentbridge.network_link l
       where ${tx.own('l')} and l.connection_id = $1 and l.candidate_remote_id = any($2::text[]) returning l.connection_id`,
      [connectionId, candidateRemoteIds],
    );
    return rows.length;
  }

  /** The ATS's id of a candidate of the pair, who is there until the transaction ends: who goes takes their link along. */
  private async candidate(tx: Transaction, { connectionId, candidateId }: CandidateOfPair): Promise<string> {
    if (!isUuid(connectionId)) throw new NotFoundError('connection', connectionId);
    if (!isUuid(candidateId)) throw new NotFoundError('candidate', candidateId);
    const standing = await pairStanding(tx, this.parts.entitlements, connectionId, 'share');
    if (standing.kind === 'NONE') throw new NotFoundError('pair', connectionId);
    if (standing.kind === 'PAUSED') throw new WrongStateError('PAUSED', standing.reason);
    const { atsConnectionId } = standing.pair;
    const isHeld = await this.parts.mirror.holdCandidate(tx, atsConnectionId, candidateId);
    const [found] = isHeld ? await this.parts.mirror.candidates(tx, atsConnectionId, [candidateId]) : [];
    if (!found) throw new NotFoundError('candidate', candidateId);
    return found.candidate.remoteId;
  }

  private async changed(
    tx: Transaction,
    scope: OrganizationScope,
    { connectionId, candidateId }: CandidateOfPair,
    action: 'candidate.linkProfile' | 'candidate.unlinkProfile',
  ): Promise<void> {
    await makeDue(tx, connectionId, 'candidate', [candidateId], true);
    await this.parts.pushNow(tx, connectionId);
    await this.parts.audit.record(tx, scope.caller, action, { type: 'candidate', id: candidateId }, { connectionId });
  }

  /** Tells the network at once. What it does not hear now goes with the candidate, who is due. */
  private async resolve(
    scope: OrganizationScope,
    connectionId: string,
    candidateRemoteId: string,
    member: MemberId | undefined,
  ): Promise<void> {
    try {
      const network = (await this.parts.opener.open(scope, connectionId)).capability('systemConnect');
      await network?.resolveMatch(callContext('interactive', PERSON_WAITS_MS), candidateRemoteId, member);
    } catch (error) {
      if (!isHubError(error)) throw error;
      this.parts.logger.info({ connectionId, error: error.code }, 'the network hears of a link with the next push');
    }
  }
}
