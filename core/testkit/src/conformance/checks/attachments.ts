import { MAX_ATTACHMENT_BYTES } from '@talentbridge/contracts';
import { expect } from 'vitest';
import { listChecks, NotConcerned } from '../check.js';
import { rejectionOf } from '../export-world.js';
import { MirrorWorld } from '../mirror-world.js';
import type { SimulatedFile } from '../simulated-account.js';

/** Rediscovery: files arrive as the ATS has them, or not at all. */
export const attachmentChecks = listChecks([
  {
    name: 'rediscovery.attachment',
    title: 'RED-8: lists the files of a candidate, and fetches them whole',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      mirroring.vendor.populate(3);
      const file = mirroring.attachment();
      const { mirror } = await mirroring.mirrored();
      const listed = mirror.candidates.get(file.candidateRemoteId)?.attachments ?? [];
      expect(listed.map(({ remoteId, filename }) => ({ remoteId, filename }))).toContainEqual({
        remoteId: file.remoteId,
        filename: file.filename,
      });
      const fetched = await mirroring.fetch(file);
      expect(fetched.filename).toBe(file.filename);
      expect(Buffer.from(fetched.bytes).equals(Buffer.from(file.bytes)), 'the same bytes').toBe(true);
    },
  },
  {
    name: 'rediscovery.attachment-as-it-is',
    title: 'RED-8: fetches a file byte for byte, whatever its type says of it',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const add = adderOf(mirroring);
      mirroring.vendor.populate(3);
      for (const file of TEXTS) {
        const fetched = await mirroring.fetch({ ...add(file), filename: file.filename });
        expect(Buffer.from(fetched.bytes).equals(Buffer.from(file.bytes)), `the bytes of ${file.filename}`).toBe(true);
      }
    },
  },
  {
    name: 'rediscovery.attachment-too-large',
    title: 'RED-8: leaves a file out that is too large, and takes the largest that is not',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      const add = adderOf(mirroring);
      mirroring.vendor.populate(3);
      const filename = 'large.pdf';
      const fileOf = (size: number) => {
        const bytes = Buffer.alloc(size, 'x');
        bytes.write('%PDF-1.4');
        return { filename, contentType: 'application/pdf', bytes };
      };
      const largest = await mirroring.fetch({ ...add(fileOf(MAX_ATTACHMENT_BYTES)), filename });
      expect(largest.bytes).toHaveLength(MAX_ATTACHMENT_BYTES);
      const error = await rejectionOf(mirroring.fetch({ ...add(fileOf(MAX_ATTACHMENT_BYTES + 1)), filename }));
      expect(error).toMatchObject({ code: 'ATS_ANSWER_TOO_LARGE', recovery: 'skip', effect: 'none' });
    },
  },
  {
    name: 'rediscovery.attachment-truncated',
    title: 'RED-8: takes half a file for none',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      mirroring.vendor.populate(3);
      const file = mirroring.attachment();
      world.account.simulator.faults.add({ fault: { kind: 'truncated' } });
      expect(await rejectionOf(mirroring.fetch(file))).toMatchObject({ recovery: 'retry' });
    },
  },
  {
    name: 'rediscovery.attachment-gone',
    title: 'RED-8: says that a file is gone with its candidate',
    async run(world) {
      const mirroring = new MirrorWorld(world);
      mirroring.vendor.populate(3);
      const file = mirroring.attachment();
      mirroring.vendor.deleteCandidate(file.candidateRemoteId);
      expect(await rejectionOf(mirroring.fetch(file))).toMatchObject({ code: 'ATS_RECORD_NOT_FOUND' });
    },
  },
]);

const bytesOf = (text: string, encoding: 'latin1' | 'utf16le') => Buffer.from(text, encoding);

/** Whoever decodes one of these, and encodes it again, has lost something of it. */
const TEXTS: readonly SimulatedFile[] = [
  { filename: 'utf-16.txt', contentType: 'text/plain', bytes: bytesOf('\ufeffZoë welds — since 2004', 'utf16le') },
  {
    filename: 'windows-1252.txt',
    contentType: 'text/plain; charset=windows-1252',
    bytes: bytesOf('Zo\u00eb \u0093welds\u0094 \u0096 since 2004', 'latin1'),
  },
  { filename: 'unlabelled.txt', contentType: 'text/plain', bytes: bytesOf('Zo\u00eb', 'latin1') },
  { filename: 'marked.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from('\ufeffZoë\r\n') },
  {
    filename: 'page.html',
    contentType: 'text/html; charset=iso-8859-1',
    bytes: bytesOf('<meta charset="iso-8859-1"><p>Zo\u00eb', 'latin1'),
  },
  { filename: 'resume.json', contentType: 'application/json', bytes: Buffer.from('{ "basics": { "name": "Zoë" } }\n') },
];

function adderOf({ vendor, rediscovery }: MirrorWorld): NonNullable<MirrorWorld['vendor']['addAttachment']> {
  if (!rediscovery.fetchAttachment) throw new NotConcerned('The ATS hands out no files.');
  if (!vendor.addAttachment) throw new NotConcerned('The subject cannot add a file of its own (`addAttachment`).');
  return vendor.addAttachment;
}
