import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { GatewayErrorCode } from '../errors/gateway-error.js';
import { DocumentMeasurer, type OperationLimits, type Variables } from './operation-limits.js';
import { RecentCache } from './recent-cache.js';

/** What clients of this deployment may send. */
export interface AdmissionOptions {
  readonly limits: OperationLimits;
  /** `false` in production: the schema is published as a file, not asked of the server. */
  readonly introspection: boolean;
}

/** A document that was found in order. */
interface Admitted {
  readonly document: DocumentNode;
  checkCost(variables: Variables): void;
  /** The answer of the standard rules; worked out once, when asked for. */
  validationErrors?: readonly GraphQLError[];
}

const REMEMBERED_DOCUMENTS = 500;

/** The door that every document passes, whichever way it comes: HTTP, WebSocket or event stream. */
export class DocumentAdmission {
  private readonly remembered = new RecentCache<string, Admitted>(REMEMBERED_DOCUMENTS);
  private readonly measurer: DocumentMeasurer;
  /** On top of the standard rules. */
  readonly extraRules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    options: AdmissionOptions,
  ) {
    this.measurer = new DocumentMeasurer(schema, options.limits);
    this.extraRules = options.introspection ? [] : [NoSchemaIntrospectionCustomRule];
  }

  /**
   * Refuses what is beyond the limits, before anything expensive is done with it. Does not look at the schema's rules.
   * @throws GatewayError or GraphQLError
   */
  admit(source: string, variables: Variables = {}): DocumentNode {
    const admitted = this.look(source);
    admitted.checkCost(variables);
    return admitted.document;
  }

  /** Like `admit`, and answers what the standard rules have against the document. */
  validate(
    source: string,
    variables: Variables = {},
  ): { readonly document: DocumentNode; readonly errors: readonly GraphQLError[] } {
    const admitted = this.look(source);
    admitted.checkCost(variables);
    admitted.validationErrors ??= validate(this.schema, admitted.document, [...specifiedRules, ...this.extraRules]).map(
      (error) => withCode(error, GatewayErrorCode.GRAPHQL_VALIDATION_FAILED),
    );
    return { document: admitted.document, errors: admitted.validationErrors };
  }

  private look(source: string): Admitted {
    const known = this.remembered.get(source);
    if (known) return known;
    this.measurer.checkTokens(source);
    const document = parseDocument(source);
    const admitted: Admitted = { document, checkCost: this.measurer.measure(document) };
    this.remembered.set(source, admitted);
    return admitted;
  }
}

function parseDocument(source: string): DocumentNode {
  try {
    return parse(source);
  } catch (error) {
    if (error instanceof GraphQLError) throw withCode(error, GatewayErrorCode.GRAPHQL_PARSE_FAILED);
    throw error;
  }
}

/** The same error with a code for clients. */
export function withCode(error: GraphQLError, code: GatewayErrorCode): GraphQLError {
  const { nodes, source, positions, path, originalError } = error;
  return new GraphQLError(error.message, {
    ...(nodes ? { nodes } : {}),
    ...(source ? { source } : {}),
    ...(positions ? { positions } : {}),
    ...(path ? { path } : {}),
    ...(originalError ? { originalError } : {}),
    extensions: { ...error.extensions, code },
  });
}
