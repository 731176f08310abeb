import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * The gateway's log: JSON lines. Header values, variables and query strings are never logged, because they hold tokens
 * and personal data; the redaction is the second wall, should somebody log a whole request.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      redact: {
        paths: [
          'authorization',
          'token',
          'variables',
          '*.authorization',
          '*.token',
          '*.variables',
          'req.headers',
          'request.headers',
          'headers.authorization',
          'headers.cookie',
          '*.headers.authorization',
          '*.headers.cookie',
        ],
        censor: '[redacted]',
      },
      serializers: {
        req: (request: { readonly id?: unknown; readonly method?: unknown; readonly url?: unknown }) => ({
          id: request.id,
          method: request.method,
          path: typeof request.url === 'string' ? loggedPath(request.url) : undefined,
        }),
      },
    },
    destination ?? pino.destination(1),
  );
}

/**
 * A GET request carries its variables in the query string; webhooks and links to files have a token in the path, and files that
 * are uploaded are called after people.
 */
function loggedPath(url: string): string | undefined {
  return url
    .split('?', 1)[0]
    ?.replace(/^\/(webhooks|files\/attachments|files\/insights)\/.+/, '/$1/[token]')
    .replace(/^(\/imports\/data-copies\/[^/]*\/files)\/.+/, '$1/[path]');
}
