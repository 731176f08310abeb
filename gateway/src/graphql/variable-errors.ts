import {
  coerceInputValue,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { GatewayErrorCode } from '../errors/gateway-error.js';
import type { Variables } from './operation-limits.js';

/** What was refused before anything ran. */
interface Refused {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/**
 * An answer without data is about the variables, once the document is valid. graphql-js repeats the value that does not
 * fit, and a value can be a credential: this says where it stands and which type is expected, and nothing of the value.
 */
export function withoutValues(schema: GraphQLSchema, refused: Refused, result: ExecutionResult): ExecutionResult {
  if (!result.errors || 'data' in result) return result;
  const operation = getOperationAST(refused.document, refused.operationName);
  const errors = (operation?.variableDefinitions ?? []).flatMap((definition) =>
    errorsOf(schema, definition, refused.variables),
  );
  return errors.length > 0 ? { errors } : result;
}

function errorsOf(schema: GraphQLSchema, definition: VariableDefinitionNode, variables: Variables): GraphQLError[] {
  const name = definition.variable.name.value;
  // Typed for each kind of type node apart; which one it is does not matter here.
  const type = typeFromAST(schema, definition.type as Parameters<typeof typeFromAST>[1]);
  if (!isInputType(type)) return [];
  const error = (problem: string): GraphQLError =>
    new GraphQLError(`Variable "$${name}"${problem}`, {
      nodes: definition,
      extensions: { code: GatewayErrorCode.BAD_USER_INPUT, argument: name },
    });
  if (!Object.hasOwn(variables, name)) {
    const isMissing = isNonNullType(type) && !definition.defaultValue;
    return isMissing ? [error(` of required type "${String(type)}" was not provided.`)] : [];
  }
  const value = variables[name];
  if (value === null) {
    return isNonNullType(type) ? [error(` of non-null type "${String(type)}" must not be null.`)] : [];
  }
  const errors: GraphQLError[] = [];
  coerceInputValue(value, type, (path, invalidValue, reason) => {
    const place = path.length > 0 ? ` at "${name}${printPath(path)}"` : '';
    errors.push(error(`${place}: ${reasonWithoutValue(typeAt(type, path), invalidValue, reason)}`));
  });
  return errors;
}

/** Only the reasons of leaf types speak of the value; those of objects and lists name fields and types. */
function reasonWithoutValue(type: GraphQLInputType | undefined, value: unknown, reason: GraphQLError): string {
  if (value == null) return reason.message;
  if (type && !isLeafType(getNullableType(type))) return reason.message;
  return type ? `Expected a value of type "${String(type)}".` : 'The value does not fit.';
}

/** The type that is expected at a path. One value counts as a list of one, so a list may have no index in the path. */
function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType | undefined {
  let current: GraphQLInputType | undefined = type;
  for (const key of path) {
    let here: GraphQLInputType | undefined = current && getNullableType(current);
    if (typeof key === 'number') {
      current = isListType(here) ? here.ofType : undefined;
      continue;
    }
    while (isListType(here)) here = getNullableType(here.ofType);
    current = isInputObjectType(here) ? here.getFields()[key]?.type : undefined;
  }
  let here = current && getNullableType(current);
  if (!isListType(here)) return current;
  while (isListType(here)) {
    current = here.ofType;
    here = getNullableType(here.ofType);
  }
  return current;
}

function printPath(path: readonly (string | number)[]): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}
