import type { OpenConnection } from '@talentbridge/contracts';
import type { Logger } from 'pino';
import type { AuditLog } from '../../../kernel/audit/audit-log.js';
import type { Notifications } from '../../../kernel/notifications.js';
import type { Entitlements } from '../../../kernel/organizations/entitlements.js';
import type { Database } from '../../../kernel/persistence/database.js';
import type { OrganizationScope } from '../../../kernel/persistence/organization-scope.js';
import { CandidateSearch } from './candidate-search.js';
import { CandidateIndex, type CandidateIndexParts } from './index/candidate-index.js';
import { defaultIndexSettings, type IndexSettings, LiveIndexes } from './index/live-indexes.js';
import { ProfileIndex } from './index/profile-index.js';
import { PeopleSearch } from './people-search.js';
import { ProfileSearch } from './profile-search.js';
import type { SearchIndexes } from './search-engine.js';
import { bundledSynonyms, Synonyms } from './synonyms/synonyms.js';

/** How people are searched. */
export interface SearchSettings extends IndexSettings {
  /** The fewest people whom a count of a self-declared attribute may tell of. */
  readonly smallGroup: number;
}

/** What a deployment begins with. */
const defaultSearchSettings: SearchSettings = { ...defaultIndexSettings, smallGroup: 5 };

/** What search is put together from. */
export interface OpenSearchParts extends CandidateIndexParts {
  readonly indexes: SearchIndexes;
  readonly database: Database;
  readonly notifications: Notifications;
  readonly entitlements: Entitlements;
  readonly opener: { open(scope: OrganizationScope, connectionId: string): Promise<OpenConnection> };
  readonly audit: AuditLog;
  readonly logger: Logger;
  readonly settings?: Partial<SearchSettings> | undefined;
}

/** Search, put together. */
export interface OpenedSearch {
  readonly candidateSearch: CandidateSearch;
  readonly profileSearch: ProfileSearch;
  close(): Promise<void>;
}

/** Puts together the searches of this process. Nothing is opened before somebody searches. */
export function openSearch(parts: OpenSearchParts): OpenedSearch {
  const settings = { ...defaultSearchSettings, ...parts.settings };
  const { smallGroup } = settings;
  const candidateIndex = new CandidateIndex(parts);
  const profileIndex = new ProfileIndex(parts.isPlaceholder);
  const indexes = new LiveIndexes({ ...parts, people: [candidateIndex, profileIndex], settings });
  const synonyms = new Synonyms([bundledSynonyms]);
  const candidates = new PeopleSearch({ indexes, people: candidateIndex, synonyms, smallGroup });
  const profiles = new PeopleSearch({ indexes, people: profileIndex, synonyms, smallGroup });
  return {
    candidateSearch: new CandidateSearch({ ...parts, search: candidates, smallGroup }),
    profileSearch: new ProfileSearch(profiles, smallGroup),
    close: () => indexes.close(),
  };
}
