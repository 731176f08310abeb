import type { CallContext, ExportCapability, SourceCheck } from '@talentbridge/contracts';
import type { Tags } from '../../directory/tags.js';
import { callContext } from '../../kernel/call-context.js';
import type { OrganizationScope } from '../../kernel/persistence/organization-scope.js';
import type { ExportDestinations } from './export-destinations.js';

const CALL_LIMIT_MS = 30_000;

/** Our tags beside those of the ATS. */
export interface TagDifference {
  /** Ours that the ATS has. */
  readonly present: readonly string[];
  /** Ours that it does not have. */
  readonly missing: readonly string[];
  /** Missing tags can be created from here; otherwise an admin creates them in the ATS. */
  readonly creatable: boolean;
}

/** What the ATS lacks of that which exports carry. */
export interface Preflight {
  /** Absent: the ATS takes any source. */
  readonly source?: SourceCheck;
  /** Absent: the ATS takes any tag, or none. */
  readonly tags?: TagDifference;
}

/** Compares our tags and source name with the lists of an ATS before anything is exported. */
export class ExportPreflight {
  constructor(
    private readonly destinations: ExportDestinations,
    private readonly tags: Tags,
  ) {}

  /**
   * The organization's tags, and the source of the connection. Creates nothing.
   * @throws NotFoundError, CapabilityOffError, WrongStateError, and what the ATS fails with
   */
  async check(scope: OrganizationScope, connectionId: string): Promise<Preflight> {
    const connection = await scope.transaction((tx) => this.destinations.reachable(tx, connectionId));
    const exporter = await this.destinations.exporter(scope, connection);
    const ctx = callContext('interactive', CALL_LIMIT_MS);
    const [source, ours] = await Promise.all([exporter.checkSource?.(ctx), this.tags.list(scope)]);
    const known = await exporter.listTags?.(ctx);
    return {
      ...(source ? { source } : {}),
      ...(known ? { tags: tagDifference(exporter, ours, known) } : {}),
    };
  }
}

/** Compares tags as the ATS does. */
export function tagDifference(
  exporter: ExportCapability,
  ours: readonly string[],
  known: readonly string[],
): TagDifference {
  const normal = tagNormalizer(exporter);
  const names = new Set(known.map(normal));
  return {
    present: ours.filter((tag) => names.has(normal(tag))),
    missing: ours.filter((tag) => !names.has(normal(tag))),
    creatable: exporter.createTags !== undefined,
  };
}

/**
 * The tags of the ATS after those of ours that it lacks were created, where it can be asked to.
 * @returns `undefined` when the ATS takes any tag.
 */
export async function tagsOnceCreated(
  exporter: ExportCapability,
  ours: readonly string[],
  ctx: CallContext,
): Promise<{ readonly known: readonly string[]; readonly created: readonly string[] } | undefined> {
  const known = await exporter.listTags?.(ctx);
  if (!known || !exporter.createTags) return known && { known, created: [] };
  const { missing } = tagDifference(exporter, ours, known);
  if (missing.length === 0) return { known, created: [] };
  await exporter.createTags(ctx, missing);
  return { known: [...known, ...missing], created: missing };
}

/** How a tag is written before two are compared. */
function tagNormalizer({ limits }: ExportCapability): (tag: string) => string {
  return limits.tagMatching === 'caseInsensitive' ? (tag) => tag.trim().toLowerCase() : (tag) => tag;
}
