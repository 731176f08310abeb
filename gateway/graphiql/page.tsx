import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

const STARTER = `# Your development token is in "Headers", below.
# Who am I?
query WhoAmI {
  viewer {
    userId
    organizationId
    roles
  }
}
`;

/** Asks the development issuer for a token, as a host platform's sign-in would hand one out. */
async function developmentToken(): Promise<string> {
  const response = await fetch('/dev/token', { method: 'POST' });
  if (!response.ok) throw new Error(`The development issuer answered ${response.status}.`);
  const { token }: { token: string } = await response.json();
  return token;
}

/** Queries go over HTTP, subscriptions over a WebSocket that is told the same headers. */
function createFetcher(): Fetcher {
  const socket = new URL('/graphql', window.location.href);
  socket.protocol = socket.protocol === 'https:' ? 'wss:' : 'ws:';
  return createGraphiQLFetcher({ url: '/graphql', subscriptionUrl: socket.href });
}

const container = document.getElementById('graphiql');
if (!container) throw new Error('The page has no place for GraphiQL.');
const root = createRoot(container);
const token = await developmentToken();
const headers = JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);

root.render(
  <GraphiQL
    fetcher={createFetcher()}
    initialHeaders={headers}
    defaultHeaders={headers}
    defaultQuery={STARTER}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={false}
  />,
);
