import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import { GatewayError, GatewayErrorCode } from '../errors/gateway-error.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../pagination/page-size.js';

/** How large an operation may be. Each is refused before any resolver runs. */
export interface OperationLimits {
  /** Lexical tokens of the whole document. Default 2,000: the largest of our own operations has about 300. */
  readonly maxTokens: number;
  /** Fields inside fields; fragments count as if written out, introspection not at all. Default 12. */
  readonly maxDepth: number;
  /** Fields that are given another name. Default 30. */
  readonly maxAliases: number;
  /** Uses of directives. Default 30. */
  readonly maxDirectives: number;
  /** Fields that may have to be resolved: a page multiplies what is inside it by its size. Default 20,000. */
  readonly maxCost: number;
}

/** Generous for people, narrow for attacks. */
export const DEFAULT_LIMITS: OperationLimits = {
  maxTokens: 2_000,
  maxDepth: 12,
  maxAliases: 30,
  maxDirectives: 30,
  maxCost: 20_000,
};

/** Variables as the client sent them. */
export type Variables = Readonly<Record<string, unknown>>;

/** What an operation would cost with given variables. */
type Cost = (variables: Variables) => number;

/** What was found by walking once through a selection, with all fragments written out. */
interface Measure {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly cost: Cost;
}

/**
 * Why not graphql-armor: its rules throw while the document is validated, which the GraphQL server reports as a failure
 * of its own (500); they run beside the standard rules, of which one compares every pair of aliases; and a page size that
 * comes as a variable counts as one. Here a document is measured before it is validated, in one walk that visits
 * every fragment once, however often it is spread.
 */
export class DocumentMeasurer {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: OperationLimits,
  ) {}

  /** Counts tokens without building anything, so that a huge document costs next to nothing. */
  checkTokens(source: string): void {
    const lexer = new Lexer(new Source(source));
    for (let count = 0; ; count += 1) {
      if (count > this.limits.maxTokens) throw tooLarge('tokens', this.limits.maxTokens);
      try {
        if (lexer.advance().kind === TokenKind.EOF) return;
      } catch {
        // Not GraphQL: the parser, next, says where.
        return;
      }
    }
  }

  /**
   * Checks every operation of a document and answers what checks its cost, which depends on the variables.
   * @throws GatewayError OPERATION_TOO_LARGE
   */
  measure(document: DocumentNode): (variables: Variables) => void {
    const fragments = new Map<string, FragmentDefinitionNode>();
    const operations: OperationDefinitionNode[] = [];
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
      if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    }
    const walk = new Walk(this.schema, fragments);
    const costs = operations.map((operation) => {
      const root = this.schema.getRootType(operation.operation) ?? undefined;
      const measured = walk.selections(operation.selectionSet, root);
      const { maxDepth, maxAliases, maxDirectives } = this.limits;
      if (measured.depth > maxDepth) throw tooLarge('depth', maxDepth, measured.depth);
      if (measured.aliases > maxAliases) throw tooLarge('aliases', maxAliases, measured.aliases);
      const directives = measured.directives + (operation.directives?.length ?? 0);
      if (directives > maxDirectives) throw tooLarge('directives', maxDirectives, directives);
      return measured.cost;
    });
    return (variables) => {
      for (const cost of costs) {
        const total = cost(variables);
        if (total > this.limits.maxCost) throw tooLarge('cost', this.limits.maxCost, total);
      }
    };
  }
}

const NOTHING: Measure = { depth: 0, aliases: 0, directives: 0, cost: () => 0 };

class Walk {
  private readonly measured = new Map<string, Measure>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {}

  selections(set: SelectionSetNode, parent: GraphQLNamedType | undefined): Measure {
    const parts = set.selections.map((selection) => this.selection(selection, parent));
    const costs = parts.map((part) => part.cost);
    return {
      depth: parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0),
      aliases: parts.reduce((sum, part) => sum + part.aliases, 0),
      directives: parts.reduce((sum, part) => sum + part.directives, 0),
      cost: (variables) => costs.reduce((sum, cost) => sum + cost(variables), 0),
    };
  }

  private selection(node: SelectionNode, parent: GraphQLNamedType | undefined): Measure {
    const directives = node.directives?.length ?? 0;
    if (node.kind === Kind.FIELD) return this.field(node, parent, directives);
    if (node.kind === Kind.FRAGMENT_SPREAD) return withDirectives(this.fragment(node.name.value), directives);
    const condition = node.typeCondition?.name.value;
    const type = condition === undefined ? parent : this.schema.getType(condition);
    return withDirectives(this.selections(node.selectionSet, type), directives);
  }

  private field(node: FieldNode, parent: GraphQLNamedType | undefined, directives: number): Measure {
    const aliases = node.alias ? 1 : 0;
    // The schema's own description is deep by nature, small, and closed in production.
    if (node.name.value.startsWith('__')) return { depth: 1, aliases, directives, cost: () => 1 };
    if (!node.selectionSet) return { depth: 1, aliases, directives, cost: () => 1 };
    const definition = fieldOf(parent, node.name.value);
    const inner = this.selections(node.selectionSet, definition && getNamedType(definition.type));
    const items = pageSize(node, definition);
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + aliases,
      directives: inner.directives + directives,
      cost: (variables) => 1 + items(variables) * inner.cost(variables),
    };
  }

  private fragment(name: string): Measure {
    const known = this.measured.get(name);
    if (known) return known;
    const fragment = this.fragments.get(name);
    if (!fragment) return NOTHING;
    // A fragment that spreads itself finds this; the standard rules refuse it afterwards.
    this.measured.set(name, NOTHING);
    const type = this.schema.getType(fragment.typeCondition.name.value);
    const measure = this.selections(fragment.selectionSet, type);
    this.measured.set(name, measure);
    return measure;
  }
}

function withDirectives(measure: Measure, more: number): Measure {
  return more === 0 ? measure : { ...measure, directives: measure.directives + more };
}

function fieldOf(parent: GraphQLNamedType | undefined, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}

/** How many items a field may answer: its `first` argument. Fields without one count once. */
function pageSize(
  node: FieldNode,
  definition: GraphQLField<unknown, unknown> | undefined,
): (variables: Variables) => number {
  if (!definition?.args.some((argument) => argument.name === 'first')) return () => 1;
  const value = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (value?.kind === Kind.INT) {
    const size = clampedPageSize(Number(value.value));
    return () => size;
  }
  if (value?.kind === Kind.VARIABLE) {
    const name = value.name.value;
    return (variables) => clampedPageSize(variables[name] ?? MAX_PAGE_SIZE);
  }
  return () => DEFAULT_PAGE_SIZE;
}

/** A page beyond its bounds is refused when it is resolved, so it counts as the largest allowed. */
function clampedPageSize(size: unknown): number {
  return typeof size === 'number' && size >= 1 && size <= MAX_PAGE_SIZE ? size : MAX_PAGE_SIZE;
}

function tooLarge(limit: string, maximum: number, actual?: number): GatewayError {
  const found = actual === undefined ? `more than ${maximum}` : String(Math.round(actual));
  return new GatewayError(
    GatewayErrorCode.OPERATION_TOO_LARGE,
    `The operation is too large: ${limit} ${found}, at most ${maximum}. Ask for less, or in several requests.`,
    { limit, maximum },
  );
}
