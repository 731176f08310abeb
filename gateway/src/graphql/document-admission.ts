import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import { GatewayErrorCode } from '../errors/gateway-error.js';
import { DocumentMeasurer, type OperationLimits, type Variables } from './operation-limits.js';
import { RecentCache } from './recent-cache.js';
import { ValuesOfCorrectTypeUnrepeatedRule } from './value-rule.js';

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
  private readonly rules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    options: AdmissionOptions,
  ) {
    this.measurer = new DocumentMeasurer(schema, options.limits);
    this.rules = [
      ...specifiedRules.map((rule) => (rule === ValuesOfCorrectTypeRule ? ValuesOfCorrectTypeUnrepeatedRule : rule)),
      ...(options.introspection ? [] : [NoSchemaIntrospectionCustomRule]),
    ];
  }

  /**
   * Refuses what is beyond the limits before anything expensive is done with it, then what the standard rules refuse.
   * @throws GatewayError, GraphQLError or RefusedDocument
   */
  admit(source: string, variables: Variables = {}): DocumentNode {
    const admitted = this.look(source);
    admitted.checkCost(variables);
    admitted.validationErrors ??= validate(this.schema, admitted.document, this.rules).map((error) =>
      withCode(error, GatewayErrorCode.GRAPHQL_VALIDATION_FAILED),
    );
    if (admitted.validationErrors.length > 0) throw new RefusedDocument(admitted.validationErrors);
    return admitted.document;
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

/** A document that the standard rules refuse, for all of their reasons. */
export class RefusedDocument extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super('The document is not valid.');
  }
}

/** The same error with a code for clients, and without the literal that the parser stumbled over: it may be a credential. */
function withCode(error: GraphQLError, code: GatewayErrorCode): GraphQLError {
  const { nodes, source, positions, path, originalError } = error;
  return new GraphQLError(error.message.replace(/\b(String|BlockString|Int|Float) ".*"/s, '$1'), {
    ...(nodes ? { nodes } : {}),
    ...(source ? { source } : {}),
    ...(positions ? { positions } : {}),
    ...(path ? { path } : {}),
    ...(originalError ? { originalError } : {}),
    extensions: { ...error.extensions, code },
  });
}
