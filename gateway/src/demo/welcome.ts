import type { SampleCounts } from './demo-samples.js';
import type { RunningSimulator } from './simulators.js';

/** What `npm start` has to tell. */
export interface WelcomeFacts {
  readonly url: string;
  readonly token: string | undefined;
  readonly simulators: readonly RunningSimulator[];
  readonly samples: SampleCounts | undefined;
  readonly database: string;
  readonly brand: string;
}

/** The text that `npm start` ends with: where everything is, and a first query to paste. */
export function welcome({ url, token, simulators, samples, database, brand }: WelcomeFacts): string {
  const lines = [
    '',
    `TalentBridge is running (brand: ${brand}).`,
    '',
    `  GraphQL     ${url}/graphql`,
    `  GraphiQL    ${url}/graphiql`,
    `  Candidates  ${url.replace('127.0.0.1', 'localhost')}/dev/network  as a professional network knows them`,
    `  Health      ${url}/health`,
    `  Database    ${database}`,
    ...simulators.flatMap(({ url: place, hosts, hint }) => [
      `  Simulator   ${place}/_sim  stands in for ${hosts.join(', ')}`,
      ...(hint ? [`              ${hint}`] : []),
    ]),
    ...(samples
      ? [`  Samples     ${samples.profiles} profiles, ${samples.projects} projects, ${samples.tags} tags`]
      : []),
    '',
  ];
  if (token) {
    const query =
      '{ viewer { userId roles } catalog { id displayName } projects(first: 5) { nodes { id name candidateCount } } }';
    lines.push(
      'A token for the demo organization (development only):',
      '',
      `export TOKEN='${token}'`,
      '',
      'A first query:',
      '',
      `curl -s ${url}/graphql -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\`,
      `  -d '${JSON.stringify({ query })}'`,
      '',
    );
  }
  lines.push('Ctrl-C stops everything; the data stays. `npm start -- --reset` begins anew.', '', '');
  return lines.join('\n');
}
