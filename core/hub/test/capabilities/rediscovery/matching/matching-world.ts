import { pino } from 'pino';
import type { Matching } from '../../../../dist/capabilities/rediscovery/matching/upkeep/matching.js';
import type { MatchingSettings } from '../../../../dist/capabilities/rediscovery/matching/upkeep/matching-run.js';
import { MATCH_TASK } from '../../../../dist/capabilities/rediscovery/matching/upkeep/matching-schema.js';
import {
  type OpenedMatching,
  openMatching,
} from '../../../../dist/capabilities/rediscovery/matching/upkeep/open-matching.js';
import { ProfileStore } from '../../../../dist/directory/profile-store.js';
import { Profiles } from '../../../../dist/directory/profiles.js';
import { Projects } from '../../../../dist/directory/projects.js';
import { JobQueue } from '../../../../dist/kernel/jobs/job-queue.js';
import { InMemoryAts, type InMemoryAtsOptions } from '../in-memory-ats.ts';
import { type ConnectOptions, type MirrorDatabase, type MirrorWorld, openMirrorDatabase } from '../mirror-world.ts';

/** A database with mirrors and with what matches them; tests begin the jobs as a worker would. */
export interface MatchingDatabase extends AsyncDisposable {
  readonly mirrors: MirrorDatabase;
  /** What matches, in another process than those before. */
  open(settings?: Partial<MatchingSettings>): OpenedMatching;
  /** An ATS with its mirror, in an organization of its own unless one is given. */
  world(options?: ConnectOptions & InMemoryAtsOptions & { readonly matching?: OpenedMatching }): Promise<MatchingWorld>;
}

/** An ATS, its mirror, and who its candidates are. */
export interface MatchingWorld {
  readonly ats: InMemoryAts;
  readonly mirror: MirrorWorld;
  readonly matching: Matching;
  readonly organizationId: string;
  /** Writes profiles. @returns Their ids. */
  profiles(inputs: readonly object[]): Promise<readonly string[]>;
  /** Reads the ATS, then matches until nothing is left to do. */
  sync(): Promise<void>;
  /** Matches until nothing is left to do. @param beforeEach Called before each job. */
  match(beforeEach?: () => void): Promise<void>;
  /** Whether a job waits. */
  isQueued(): Promise<boolean>;
  /** The matches as they lie in the table, by the ATS's id of the candidate. */
  rows(): Promise<Readonly<Record<string, MatchRow>>>;
  /** The mirror's id of a candidate. */
  idOf(remoteId: string): Promise<string>;
}

/** A match as it lies in the table. */
export interface MatchRow {
  readonly profileId: string;
  readonly decision: string;
  readonly decidedBy: string;
  readonly basis: string;
  readonly reason: string | null;
  readonly score: number;
  readonly evidence: readonly object[];
  readonly others: readonly object[];
}

/** Opens a migrated database. */
export async function openMatchingDatabase(url: string): Promise<MatchingDatabase> {
  const mirrors = await openMirrorDatabase(url);
  const opened: OpenedMatching[] = [];
  const open: MatchingDatabase['open'] = (settings = {}) => {
    const one = openMatching({
      database: mirrors.database,
      entitlements: mirrors.entitlements,
      jobs: new JobQueue(),
      notifications: mirrors.notifications,
      audit: mirrors.audit,
      logger: pino({ level: process.env['TB_LOG'] ?? 'silent' }),
      dummyEmailDomain: 'dummy.example',
      // Small enough that tests meet several batches.
      settings: { batch: 4, restFactor: 0, ...settings },
    });
    opened.push(one);
    return one;
  };
  const profiles = new Profiles(new ProfileStore(), new Projects());
  return {
    mirrors,
    open,
    async world(options = {}) {
      const matched = options.matching ?? open();
      const ats = new InMemoryAts(options);
      const mirror = await mirrors.connect(ats, { ...options, keepers: matched.keepers });
      const { organizationId } = mirror.scope;
      const later = async (): Promise<boolean> => {
        const { rows } = await mirrors.database.owner.query(
          `with gone as (delete from graphile_worker._private_jobs j where j.key = $1 returning 1) select from gone`,
          [`rediscovery.matchLater:${organizationId}`],
        );
        return rows.length > 0;
      };
      const match = async (beforeEach: () => void = () => undefined): Promise<void> => {
        do {
          beforeEach();
          await matched.matching.tasks[MATCH_TASK]?.(
            { organizationId, id: organizationId },
            new AbortController().signal,
          );
        } while (await later());
      };
      return {
        ats,
        mirror,
        matching: matched.matching,
        organizationId,
        match,
        async sync() {
          await mirror.workOff();
          await match();
        },
        async profiles(inputs) {
          const written = await mirror.look((scope) => profiles.upsert(scope, inputs));
          return written.profiles.map(({ id }) => id);
        },
        isQueued: () =>
          mirror.look((scope) =>
            scope.read(async (tx) => {
              const row = await tx.row<{ queued: boolean }>(
                `select q.queued from talentbridge.matching_queue q where ${tx.own('q')}`,
              );
              return row?.queued ?? false;
            }),
          ),
        rows: () =>
          mirror.look((scope) =>
            scope.read(async (tx) => {
              const rows = await tx.rows<MatchRow & { readonly remoteId: string }>(
                `select c.remote_id as "remoteId", m.profile_id as "profileId", m.decision, m.decided_by as "decidedBy", m.basis,
                   m.reason, m.score, m.evidence, m.others
                 from talentbridge.candidate_match m
                 left join talentbridge.mirror_candidate c on ${tx.own('c')} and c.id = m.candidate_id
                 where ${tx.own('m')} order by c.remote_id`,
              );
              return Object.fromEntries(rows.map(({ remoteId, ...row }) => [remoteId, row]));
            }),
          ),
        idOf: (remoteId) =>
          mirror.look((scope) =>
            scope.read(async (tx) => {
              const row = await tx.row<{ id: string }>(
                `select c.id from talentbridge.mirror_candidate c where ${tx.own('c')} and c.connection_id = $1 and c.remote_id = $2`,
                [mirror.connectionId, remoteId],
              );
              if (!row) throw new Error(`The mirror has no ${remoteId}.`);
              return row.id;
            }),
          ),
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((one) => one.close()));
      await mirrors[Symbol.asyncDispose]();
    },
  };
}
