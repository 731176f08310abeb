import {
  type ASTVisitor,
  GraphQLError,
  getNamedType,
  isInputObjectType,
  Kind,
  type ValidationContext,
  ValuesOfCorrectTypeRule,
} from 'graphql';

/**
 * The standard rule on literals, which repeats the value that does not fit; a value can be a credential. This one says
 * which type is expected there. What it says of fields, unknown or missing, holds no value and stays.
 */
export function ValuesOfCorrectTypeUnrepeatedRule(context: ValidationContext): ASTVisitor {
  // Everything but reporting is the context's own.
  const discreet: ValidationContext = Object.create(context, {
    reportError: {
      value: (error: GraphQLError) => context.reportError(withoutValue(context, error)),
    },
  });
  return ValuesOfCorrectTypeRule(discreet);
}

function withoutValue(context: ValidationContext, error: GraphQLError): GraphQLError {
  const node = error.nodes?.[0];
  const type = context.getInputType();
  const isAboutFields =
    node?.kind === Kind.OBJECT_FIELD ||
    node?.kind === Kind.VARIABLE ||
    (node?.kind === Kind.OBJECT && isInputObjectType(getNamedType(type)));
  if (isAboutFields || !node) return error;
  const expected = type ? ` of type "${String(type)}"` : ' of another type';
  return new GraphQLError(`Expected a value${expected}.`, { nodes: node });
}
