import type { Evidence } from './certify.ts';
import type { Concealment } from './concealment.ts';
import type { Exchange } from './recorder.ts';

/** What the evidence is about. */
export interface SheetHead {
  /** What was exercised, with its version, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** Most characters of a body that are shown. */
const LONGEST_BODY = 1_400;
/** Around what was recorded, which may have code of its own. */
const FENCE = '~~~~~';
/** Most characters of something that was seen. */
const LONGEST_SEEN = 400;

/** The evidence as a document for people, in Markdown. */
export function markdownSheet({ versions, at }: SheetHead, all: readonly Evidence[], concealment: Concealment): string {
  const modules = Map.groupBy(all, ({ rule }) => rule.module);
  const text = [
    '# LinkedIn Recruiter System Connect: evidence for the certification',
    '',
    `Taken ${at} against the simulated LinkedIn, which is built from LinkedIn’s public documentation. Every request and answer below`,
    'went over HTTP and was written down on its way; secrets are replaced by their names, and long bodies are cut. People are made up.',
    'Properties called x_undocumented are the simulator’s: unknown ones do no harm.',
    '',
    table(['Exercised', 'Version'], Object.entries(versions)),
    '',
    table(
      ['Rule', 'Title', 'Result', 'Where', 'Source'],
      all.map(({ rule, result, where = '' }) => [rule.id, rule.title, result, where, rule.mark]),
    ),
    '',
    'CONFIRMED: LinkedIn’s own pages say it. SECONDARY: they say it of a sister product. INFERRED: it is our reading. BY HAND: a',
    'person shows it. All rules are told in our own words.',
    ...[...modules].flatMap(([module, some]) => ['', `## ${module}`, ...some.flatMap(section)]),
    '',
  ].join('\n');
  return concealment.conceal(text);
}

/** The evidence as a table for machines: one line for each rule. */
export function csvSheet({ versions }: SheetHead, all: readonly Evidence[], concealment: Concealment): string {
  const names = [
    'rule',
    'module',
    'title',
    'asks',
    'source',
    'mark',
    'result',
    'where',
    'exercised',
    'observed',
    'request',
    'answer',
    'at',
    'milliseconds',
    'versions',
  ];
  const rows = all.map(({ rule, result, where = '', protocol, failure, at: ranAt, milliseconds }) => {
    const [first] = protocol.exchanges;
    const observed = protocol.observations.map(
      ({ what, holds, seen }) => `${holds ? 'holds' : 'DOES NOT HOLD'}: ${what}: ${cut(seen, LONGEST_SEEN)}`,
    );
    return [
      rule.id,
      rule.module,
      rule.title,
      rule.asks,
      rule.source,
      rule.mark,
      result,
      where,
      rule.unexercised?.why ?? protocol.steps.join(' '),
      [...observed, ...(failure === undefined ? [] : [failure])].join('\n'),
      first ? requestText(first) : '',
      first ? answerText(first) : '',
      ranAt,
      String(milliseconds),
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join('; '),
    ];
  });
  return concealment.conceal([names, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join(''));
}

function section({ rule, result, where, protocol, failure, at, milliseconds }: Evidence): readonly string[] {
  const { steps, observations, exchanges } = protocol;
  return [
    '',
    `### ${rule.id}: ${rule.title}`,
    '',
    `**${result}**${where === undefined ? '' : `, on the ${where}, ${at}, ${milliseconds} ms`}`,
    '',
    `Asks: ${rule.asks}`,
    '',
    `Source: ${rule.source}, ${rule.mark}.${rule.doubt === undefined ? '' : ` ${rule.doubt}`}`,
    ...(rule.unexercised === undefined ? [] : ['', rule.unexercised.why]),
    ...(steps.length === 0 ? [] : ['', ...steps.map((step, index) => `${index + 1}. ${step}`)]),
    ...(observations.length === 0
      ? []
      : [
          '',
          table(
            ['Holds', 'What', 'Seen'],
            observations.map(({ what, holds, seen }) => [holds ? 'yes' : 'NO', what, cut(seen, LONGEST_SEEN)]),
          ),
        ]),
    ...(failure === undefined ? [] : ['', `It ended with: ${failure}`]),
    ...exchanges.flatMap((exchange) => ['', FENCE, requestText(exchange), '', answerText(exchange), FENCE]),
  ];
}

function requestText({ at, method, path, headers, body }: Exchange): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${cut(path, LONGEST_BODY)}`, ...lines, `# ${at}`, ...(body === '' ? [] : [bodyText(body)])].join(
    '\n',
  );
}

function answerText({ status, answer, milliseconds }: Exchange): string {
  return [`${status} # after ${milliseconds} ms`, ...(answer === '' ? [] : [bodyText(answer)])].join('\n');
}

/** A body, or each part of one that has several, cut by itself. */
function bodyText(body: string): string {
  const boundary = /^--[\w-]+/.exec(body)?.[0];
  return boundary === undefined ? prettyText(body) : body.split(boundary).map(prettyPart).join(boundary);
}

function prettyPart(part: string): string {
  const [head = '', ...rest] = part.split('\r\n\r\n');
  return rest.length === 0 ? head : `${head}\n\n${prettyText(rest.join('\r\n\r\n').trim())}\n`;
}

function prettyText(text: string): string {
  try {
    return cut(JSON.stringify(JSON.parse(text), null, 1), LONGEST_BODY);
  } catch {
    return cut(text, LONGEST_BODY);
  }
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} ... (${text.length - most} characters more)`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A cell of a CSV. What a spreadsheet would take for a formula is made text. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
