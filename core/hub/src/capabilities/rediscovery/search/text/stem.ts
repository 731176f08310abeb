/** Brings the forms of a word to one: what it makes of two words is equal where one is to find the other. */
export type Stemmer = (term: string) => string;

/** Words that look like a form of another and are not: fields of work, mostly, which are no plurals and no verbs to a recruiter. */
const unchanged = new Set(
  `accounting banking engineering marketing merchandising nursing housing catering clothing pricing staffing tooling
  wedding morning evening building meeting
  news business process access success address series species analysis basis
  sales logistics mathematics physics economics statistics electronics mechanics robotics ethics graphics genetics
  analytics operations communications kubernetes devops windows aws sas gas bus plus canvas atlas redis jenkins james
  united limited red bed need speed seed feed breed embed indeed`.split(/\s+/),
);

/** What forms that follow no rule are forms of. */
export const irregular: Readonly<Record<string, string>> = {
  men: 'man',
  women: 'woman',
  children: 'child',
  analyses: 'analysis',
  businesses: 'business',
  processes: 'process',
  addresses: 'address',
  indices: 'index',
  matrices: 'matrix',
  led: 'lead',
  built: 'build',
  taught: 'teach',
  wrote: 'write',
  written: 'write',
  sold: 'sell',
  ran: 'run',
};

/** The vowel that an ending must leave behind, or "string" would be a form of "str". */
const vowel = /[aeiouy]/;

function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word) || !word.endsWith('s')) return word;
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  if (/(?:ch|sh|x|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return vowel.test(word.slice(0, -2)) ? word.slice(0, -1) : word;
}

/** "Managing" and "managed" become "manag", as "manage" does: an e at the end goes, and so does a doubled letter. */
function withoutEnding(word: string): string {
  if (word.endsWith('eed')) return word.slice(0, -1);
  const stem = /^(.*)(?:ing|ed)$/.exec(word)?.[1];
  if (stem === undefined || stem.length < 2 || !vowel.test(stem)) return word;
  return /([bdgmnprt])\1$/.test(stem) ? stem.slice(0, -1) : stem;
}

/**
 * Stems English by its inflections alone: plurals, -ing and -ed ("managers", "managing", "managed"). What makes another word
 * stays apart: a stemmer of the Porter family takes "engineer" for "engine", "accountant" for "account" and "marketing" for
 * "market", which are other jobs. Whoever wants them all writes `account*`.
 *
 * Words of other alphabets, with signs or digits, and of up to three letters stay as they are.
 */
export const stemEnglish: Stemmer = (term) => {
  if (term.length < 3 || !/^[a-z]+$/.test(term)) return term;
  const given = Object.hasOwn(irregular, term) ? (irregular[term] ?? term) : term;
  if (unchanged.has(given)) return given;
  const one = given.length > 3 ? singular(given) : given;
  const known = Object.hasOwn(irregular, one) ? (irregular[one] ?? one) : one;
  if (unchanged.has(known)) return known;
  const bare = withoutEnding(known);
  const ended = bare.length > 3 && bare.endsWith('e') ? bare.slice(0, -1) : bare;
  return ended.length > 2 && /[^aeiou]y$/.test(ended) ? `${ended.slice(0, -1)}i` : ended;
};
