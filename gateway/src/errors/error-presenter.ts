import { randomUUID } from 'node:crypto';
import { type HubError, isHubError } from '@talentbridge/contracts';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { GatewayErrorCode } from './gateway-error.js';

/** How errors are shown. */
export interface ErrorPresenterOptions {
  readonly logger: Logger;
  /** `true` in development: stack traces, and what was masked, travel along. */
  readonly revealInternals: boolean;
  /** `false` in production: "Did you mean" would describe the schema that introspection keeps back. */
  readonly suggestNames: boolean;
}

const KNOWN_CODES: ReadonlySet<unknown> = new Set(Object.values(GatewayErrorCode));

/**
 * Turns every error into what a client may read: the one place that decides what is masked. An error of the hub or the
 * gateway keeps its words and its code; everything else becomes "Internal error" with an id that the log has too.
 */
export class ErrorPresenter {
  constructor(private readonly options: ErrorPresenterOptions) {}

  /** The errors of one answer. */
  presentAll(errors: readonly unknown[]): readonly GraphQLFormattedError[] {
    return errors.map((error) => this.present(error));
  }

  /** One error, whoever threw it. */
  present(error: unknown): GraphQLFormattedError {
    const located = error instanceof GraphQLError ? error : undefined;
    const place = {
      ...(located?.locations ? { locations: located.locations } : {}),
      ...(located?.path ? { path: located.path } : {}),
    };
    const causes = causesOf(error);
    for (const cause of causes) {
      if (isHubError(cause) && cause.recovery !== 'fix') return { ...presentHubError(cause), ...place };
      if (cause instanceof GraphQLError && isKnown(cause)) {
        const { http: _http, stacktrace: _stacktrace, ...extensions } = cause.extensions;
        return { message: this.withoutSuggestion(cause.message), ...place, extensions };
      }
    }
    const thrown = causes.at(-1);
    if (located && isAboutInput(located, thrown)) {
      return {
        message: this.withoutSuggestion(located.message),
        ...place,
        extensions: { code: GatewayErrorCode.BAD_USER_INPUT },
      };
    }
    return { ...this.mask(thrown, located), ...place };
  }

  private mask(thrown: unknown, located: GraphQLError | undefined): GraphQLFormattedError {
    const errorId = randomUUID();
    this.options.logger.error({ errorId, err: thrown, path: located?.path }, 'an operation failed unexpectedly');
    const revealed =
      this.options.revealInternals && thrown instanceof Error
        ? { cause: thrown.message, stacktrace: thrown.stack?.split('\n') }
        : {};
    return {
      message: 'Internal error',
      extensions: { code: GatewayErrorCode.INTERNAL_SERVER_ERROR, errorId, ...revealed },
    };
  }

  private withoutSuggestion(message: string): string {
    return this.options.suggestNames ? message : message.replace(/ ?Did you mean .+\?$/s, '');
  }
}

/** The error and what it wraps, outermost first: graphql-js and its compiler wrap what was thrown, to say where. */
function causesOf(error: unknown): readonly unknown[] {
  const causes = [error];
  // Bounded, because an error may name itself as its cause.
  for (let cause = error; cause instanceof GraphQLError && cause.originalError != null && causes.length < 10; ) {
    cause = cause.originalError;
    causes.push(cause);
  }
  return causes;
}

function presentHubError(error: HubError): GraphQLFormattedError {
  const retryAfterMs = 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return {
    message: error.message,
    extensions: {
      code: error.code,
      recovery: error.recovery,
      ...(typeof retryAfterMs === 'number' ? { retryAfterMs } : {}),
    },
  };
}

function isKnown(error: GraphQLError): boolean {
  // Errors of the compiler of operations lack what the type promises.
  const extensions: Readonly<Record<string, unknown>> | undefined = error.extensions;
  const code = extensions?.['code'];
  return code !== GatewayErrorCode.INTERNAL_SERVER_ERROR && KNOWN_CODES.has(code);
}

/** Whether graphql-js itself speaks, about what the client sent. */
function isAboutInput(located: GraphQLError, thrown: unknown): boolean {
  // Without a path nothing of ours has run yet: it is about the document or the variables.
  if (located.path === undefined) return true;
  // With a path, it can only be an argument that a variable's value made wrong. The compiler of operations tells that
  // from a broken result by nothing but graphql-js' wording.
  return thrown instanceof GraphQLError && thrown.message.startsWith('Argument "');
}
