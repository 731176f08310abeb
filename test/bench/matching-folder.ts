import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Education, SocialUrl, WorkExperience } from '@talentbridge/contracts';
import type { CandidateData } from '../../core/hub/dist/capabilities/rediscovery/mirror-model.js';
import type { Profile } from '../../core/hub/dist/directory/profile.js';
import { readSocialUrl } from '../../core/hub/dist/directory/social-url.js';

/** Labelled people, and who of them is whom. */
export interface LabelledFolder {
  profiles(): AsyncIterable<Profile>;
  /** Each with the key of their profile, if they have one. */
  candidates(): AsyncIterable<readonly [CandidateData, string | undefined]>;
}

/**
 * Reads `profiles.ndjson` and `candidates.ndjson`, a JSON object for a person on each line, and `pairs.csv` with `remoteId,key` on each.
 *
 * A profile needs a `key` and a candidate a `remoteId`; all else may be absent: `firstName`, `lastName`, `fullName`; `emails`,
 * `phones` and `socialUrls`, as plain texts or as the product has them; `address` (of a profile also `location`) with `city`,
 * `region` and `country`; `workExperience` with `employer`, `title`, `startDate`, `endDate`; `education` with `school`, `degree`,
 * `major`, `graduationDate`. Dates are `2019`, `2019-03` or `2019-03-01`.
 * @throws Error naming file, line and member when a row cannot be used.
 */
export async function labelledFolder(path: string): Promise<LabelledFolder> {
  const lines = (await readFile(join(path, 'pairs.csv'), 'utf8')).split(/\r?\n/);
  const cells = lines.map((line) => line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1')));
  const pairs = new Map(cells.map(([remoteId = '', key = '']) => [remoteId, key]));
  const lists = { skills: [], certifications: [], languages: [], groups: [], interests: [], honors: [], diversity: [] };
  return {
    async *profiles() {
      for await (const row of rowsOf(path, 'profiles.ndjson')) {
        const { address, emails, phones, firstName = '', ...person } = personOf(row);
        yield {
          ...lists,
          ...person,
          key: row.id('key'),
          firstName,
          ...(address ? { location: address } : {}),
          emails: emails.map((email) => ({ address: email, revealed: true })),
          phones: phones.map((phone) => ({ ...phone, revealed: true })),
        };
      }
    },
    async *candidates() {
      for await (const row of rowsOf(path, 'candidates.ndjson')) {
        const remoteId = row.id('remoteId');
        yield [{ ...personOf(row), remoteId }, pairs.get(remoteId)] as const;
      }
    },
  };
}

/** A JSON object of which nobody knows what it holds. */
class Row {
  private readonly members: Readonly<Record<string, unknown>>;
  private readonly place: string;

  constructor(members: Readonly<Record<string, unknown>>, place: string) {
    this.members = members;
    this.place = place;
  }

  /** Of a line or a member of it. */
  static of(value: unknown, place: string): Row {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${place} is no object.`);
    return new Row({ ...value }, place);
  }

  /** The member of this name, to be spread into an object: none where it is absent. */
  text<Name extends string>(name: Name): { readonly [name in Name]?: string } {
    const value = this.members[name];
    if (value === undefined || value === null || value === '') return {};
    if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`${this.place}: ${name} is no text.`);
    // A computed name widens to any text.
    return { [name]: String(value) } as { readonly [name in Name]?: string };
  }

  id(name: string): string {
    const id = this.text(name)[name];
    if (id === undefined) throw new Error(`${this.place}: ${name} is missing.`);
    return id;
  }

  list<Value>(name: string, read: (row: Row) => Value): readonly Value[] {
    const values = this.members[name] ?? [];
    if (!Array.isArray(values)) throw new Error(`${this.place}: ${name} is no list.`);
    return values.map((value, index) => read(Row.of(value, `${this.place}: ${name}[${index}]`)));
  }

  /** Texts, or objects that have the text as one of their members. */
  texts(name: string, member: string): readonly string[] {
    const values = this.members[name];
    const row = Array.isArray(values)
      ? new Row(
          { [name]: values.map((value) => (typeof value === 'string' ? { [member]: value } : value)) },
          this.place,
        )
      : this;
    return row.list(name, (each) => each.id(member));
  }

  member(name: string): Row | undefined {
    const value = this.members[name];
    return value === undefined || value === null ? undefined : Row.of(value, `${this.place}: ${name}`);
  }
}

async function* rowsOf(path: string, file: string): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(join(path, file)) })) {
    line += 1;
    if (text.trim() === '') continue;
    const place = `${file}, line ${line}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new Error(`${place} is no JSON.`);
    }
    yield Row.of(value, place);
  }
}

/** What candidates and profiles have in common. */
function personOf(row: Row): Omit<CandidateData, 'remoteId'> & Pick<Profile, 'fullName'> {
  const home = row.member('address') ?? row.member('location');
  return {
    ...row.text('firstName'),
    ...row.text('lastName'),
    ...row.text('fullName'),
    emails: row.texts('emails', 'address'),
    phones: row.texts('phones', 'number').map((number) => ({ number, type: 'other' })),
    ...(home ? { address: { ...home.text('city'), ...home.text('region'), ...home.text('country') } } : {}),
    socialUrls: row.texts('socialUrls', 'url').map((url): SocialUrl => readSocialUrl(url) ?? { network: 'other', url }),
    workExperience: row.list('workExperience', (job): WorkExperience => {
      const dates = { ...job.text('startDate'), ...job.text('endDate') };
      return { employer: job.id('employer'), ...job.text('title'), ...dates, current: dates.endDate === undefined };
    }),
    education: row.list(
      'education',
      (study): Education => ({
        school: study.id('school'),
        ...study.text('degree'),
        ...study.text('major'),
        ...study.text('graduationDate'),
      }),
    ),
    tags: [],
  };
}
