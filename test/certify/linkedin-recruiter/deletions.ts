import type { Exchange, Exercises } from '../../../plugins/linkedin-recruiter/certification/index.ts';
import type { PairedWork } from './paired-work.ts';

/** Module 5 on the hub, as far as the ATS knows such deletions: what is deleted there goes from LinkedIn. */
export function deletions(work: PairedWork): Exercises {
  const { pages, toLinkedIn } = work.stand;
  return {
    async 'RSC-501'(protocol) {
      await work.enabled();
      const found = work.matched().find(({ folder }) => folder.notes.some((one) => !one.private));
      const note = found?.folder.notes.find((one) => !one.private);
      if (!found || !note) throw new Error('Nobody whom LinkedIn matched has a note.');
      const before = (await pages.profile(found.member)).previews.flatMap(({ notes }) => notes);
      protocol.holds(
        'the note shows in Recruiter',
        before.some((one) => one.note === note.body),
        note.body,
      );
      protocol.step('A user of the ATS deletes the note.');
      let from = toLinkedIn.count;
      await work.inAts(`/notes/${note.id}/delete`);
      await work.shows(
        protocol,
        'it shows no longer',
        found.member,
        ({ previews }) => previews.flatMap(({ notes }) => notes).length === before.length - 1,
      );
      protocol.show(removals(toLinkedIn.since(from)));
      protocol.step('The user deletes the candidate.');
      from = toLinkedIn.count;
      await work.inAts(`/candidates/${found.id}/delete`);
      await work.shows(protocol, 'the indicator shows no longer', found.member, ({ inAts }) => !inAts);
      protocol.show(removals(toLinkedIn.since(from)));
    },

    async 'RSC-502'(protocol) {
      await work.enabled();
      const [found] = work.matched();
      if (!found) throw new Error('LinkedIn matched nobody.');
      protocol.equal('the indicator shows', (await pages.profile(found.member)).inAts, true);
      protocol.step('A user of the ATS deletes the candidate.');
      const from = toLinkedIn.count;
      await work.inAts(`/candidates/${found.id}/delete`);
      await work.shows(
        protocol,
        'neither indicator nor notes show',
        found.member,
        ({ inAts, previews }) => !inAts && previews.length === 0,
      );
      const left = [...work.records.applications.values()].filter(
        ({ record }) => record['atsCandidateId'] === found.id,
      );
      protocol.equal('applications of theirs that are left', left.length, 0);
      protocol.show(removals(toLinkedIn.since(from)));
    },
  };
}

/** Deletions on the wire, tunnelled ones too. */
function removals(exchanges: readonly Exchange[]): readonly Exchange[] {
  const isRemoval = ({ method, headers }: Exchange): boolean =>
    method === 'DELETE' || headers['x-http-method-override'] === 'DELETE';
  return exchanges.filter(isRemoval).slice(0, 3);
}
