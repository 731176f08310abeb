import type { Author, CandidateHistory, CandidateNote, InterviewFeedback, StageChange } from '@talentbridge/contracts';
import { idOf, line, listOf, type Members, membersOf, text, time } from '../answer-values.js';

/** Entries of one list of one candidate. */
const MOST_ENTRIES = 5_000;

/**
 * Checks what a plugin answers of a candidate's way. What has no id, no time or no text is left out, and so is what belongs to
 * an application that is not theirs; a note about such a one is a note about the candidate.
 */
export function readHistory(given: unknown, applicationIds: ReadonlySet<string>): CandidateHistory {
  const from = membersOf(given);
  const applicationOf = (entry: Members): string | undefined => {
    const id = idOf(entry['applicationRemoteId']);
    return id !== undefined && applicationIds.has(id) ? id : undefined;
  };
  return {
    notes: entriesOf<CandidateNote>(from['notes'], (entry) => {
      const remoteId = idOf(entry['remoteId']);
      const createdAt = time(entry['createdAt']);
      const content = text(entry['text']).trim();
      if (remoteId === undefined || createdAt === undefined || content === '') return undefined;
      const applicationRemoteId = applicationOf(entry);
      return {
        remoteId,
        text: content,
        author: authorOf(entry['author']),
        createdAt,
        ...(applicationRemoteId === undefined ? {} : { applicationRemoteId }),
      };
    }),
    stageChanges: entriesOf<StageChange>(from['stageChanges'], (entry) => {
      const remoteId = idOf(entry['remoteId']);
      const applicationRemoteId = applicationOf(entry);
      const stage = line(entry['stage']);
      const enteredAt = time(entry['enteredAt']);
      if (!remoteId || !applicationRemoteId || !stage || !enteredAt) return undefined;
      return { remoteId, applicationRemoteId, stage, enteredAt };
    }),
    feedback: entriesOf<InterviewFeedback>(from['feedback'], (entry) => {
      const remoteId = idOf(entry['remoteId']);
      const applicationRemoteId = applicationOf(entry);
      const createdAt = time(entry['createdAt']);
      if (!remoteId || !applicationRemoteId || !createdAt) return undefined;
      const content = text(entry['text']).trim();
      const recommendation = line(entry['recommendation']);
      return {
        remoteId,
        applicationRemoteId,
        interviewer: authorOf(entry['interviewer']),
        kind: entry['kind'] === 'phone' ? 'phone' : 'onsite',
        createdAt,
        ...(content === '' ? {} : { text: content }),
        ...(recommendation === undefined ? {} : { recommendation }),
      };
    }),
  };
}

/** Each entry once: the last one of those with the same id, in the same place. */
function entriesOf<Entry extends { readonly remoteId: string; readonly applicationRemoteId?: string }>(
  given: unknown,
  read: (entry: Members) => Entry | undefined,
): readonly Entry[] {
  const entries = listOf(given, read).slice(0, MOST_ENTRIES);
  return [
    ...new Map(entries.map((entry) => [JSON.stringify([entry.applicationRemoteId, entry.remoteId]), entry])).values(),
  ];
}

function authorOf(given: unknown): Author {
  const from = membersOf(given);
  return { firstName: line(from['firstName']) ?? '', lastName: line(from['lastName']) ?? '' };
}
