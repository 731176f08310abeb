import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  subscribe,
} from 'graphql';
import { needsCaller } from '../auth/require-caller.js';
import type { GatewayContext } from '../context.js';
import type { ErrorPresenter } from '../errors/error-presenter.js';
import { GatewayError, GatewayErrorCode, unauthenticatedError } from '../errors/gateway-error.js';
import { type DocumentAdmission, RefusedDocument } from './document-admission.js';
import type { OperationExecutor } from './operation-executor.js';
import type { RequestParameters } from './request-parameters.js';
import { withoutValues } from './variable-errors.js';

/** The answers of a subscription. */
export type Events = AsyncIterableIterator<ExecutionResult, void, void>;

/** What runs behind the streaming transports, WebSocket and event stream: the same doors as for HTTP. */
export class GatewayOperations {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly admission: DocumentAdmission,
    private readonly executor: OperationExecutor,
    private readonly presenter: ErrorPresenter,
  ) {}

  /**
   * Checks limits, rules and caller.
   * @throws GatewayError, GraphQLError or RefusedDocument
   */
  prepare(parameters: RequestParameters, context: GatewayContext): PreparedOperation {
    const { query, operationName, variables } = parameters;
    const document = this.admission.admit(query, variables);
    const operation = findOperation(document, operationName);
    checkCaller(document, operation, context);
    return {
      schema: this.schema,
      document,
      operation,
      operationName,
      variableValues: variables,
      contextValue: context,
    };
  }

  /** Runs a prepared operation: one answer, or for a subscription one for each event. */
  async run(prepared: PreparedOperation): Promise<ExecutionResult | Events> {
    const { document, operation, operationName, variableValues, contextValue } = prepared;
    if (operation.operation !== 'subscription') {
      try {
        return await this.executor.execute({
          document,
          operationName,
          variables: variableValues,
          context: contextValue,
        });
      } finally {
        await contextValue.close();
      }
    }
    const events = await subscribe(prepared);
    if (Symbol.asyncIterator in events) return closingAfterEach(events, contextValue);
    await contextValue.close();
    return withoutValues(this.schema, { document, operationName, variables: variableValues }, events);
  }

  /** What a client may see of an answer. */
  present({ errors, data }: Answered): FormattedExecutionResult {
    const shown = data === undefined ? {} : { data };
    return errors ? { errors: this.presenter.presentAll(errors), ...shown } : shown;
  }

  /** What a client may see of whatever `prepare` threw. */
  presentRefusal(error: unknown): readonly ReturnType<ErrorPresenter['present']>[] {
    return this.presenter.presentAll(error instanceof RefusedDocument ? error.errors : [error]);
  }
}

/** As much of an answer as clients see. */
interface Answered {
  readonly errors?: readonly unknown[] | undefined;
  readonly data?: Record<string, unknown> | null | undefined;
}

/** An operation that may run: the arguments of graphql-js, and what is known of them. */
export interface PreparedOperation extends ExecutionArgs {
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variableValues: RequestParameters['variables'];
  readonly contextValue: GatewayContext;
}

/** @throws GatewayError UNAUTHENTICATED when nobody is signed in and the operation asks for more than the schema. */
export function checkCaller(document: DocumentNode, operation: OperationDefinitionNode, context: GatewayContext): void {
  if (!context.caller && needsCaller(document, operation)) throw unauthenticatedError();
}

function findOperation(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  throw new GatewayError(
    GatewayErrorCode.OPERATION_RESOLUTION_FAILURE,
    operationName === undefined
      ? 'The document has several operations. Name one in `operationName`.'
      : 'The document has no operation of that name.',
  );
}

/**
 * Lets go of the database between events: a subscription may live for hours. Not an async generator, because that would
 * keep `return` waiting for the next event, so that a subscription could not be ended between two.
 */
function closingAfterEach(events: AsyncGenerator<ExecutionResult, void, void>, context: GatewayContext): Events {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        return await events.next();
      } finally {
        await context.close();
      }
    },
    async return() {
      try {
        return await events.return();
      } finally {
        await context.close();
      }
    },
    // Makes it what graphql-ws takes for a generator, which it ends when the client has heard enough.
    async throw(error) {
      try {
        return await events.throw(error);
      } finally {
        await context.close();
      }
    },
  };
}
