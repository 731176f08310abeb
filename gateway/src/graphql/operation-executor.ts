import { traced } from '@talentbridge/hub';
import {
  BREAK,
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { GatewayContext } from '../context.js';
import type { Variables } from './operation-limits.js';
import { withoutValues } from './variable-errors.js';

/** One operation of a validated document. */
export interface Operation {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Variables;
  readonly context: GatewayContext;
}

interface Plan {
  uses: number;
  /** `false`: cannot be compiled. Absent: not tried yet. */
  compiled?: CompiledQuery | false;
}

/** A document that comes once is not worth compiling: compiling takes about as long as ten runs. */
const COMPILE_AT_USE = 2;

/**
 * Runs queries and mutations: compiled to JavaScript from the second use on, by graphql-js before that and for whatever
 * cannot be compiled. Both give the same answers; test/operation-executor.test.ts compares them.
 */
export class OperationExecutor {
  // Weak: a plan lives as long as its document, and the caches that hold documents are bounded.
  private readonly plans = new WeakMap<DocumentNode, Map<string | undefined, Plan>>();

  /** How many operations were compiled, and how many could not be. */
  readonly compilations = { compiled: 0, impossible: 0 };

  constructor(
    private readonly schema: GraphQLSchema,
    /** For tests and measurements. */
    private readonly options: { readonly compileAtUse?: number } = {},
  ) {}

  /** Runs one operation. Never rejects because of what a resolver does. */
  execute(operation: Operation): Promise<ExecutionResult> {
    // The name is the client's, but it came out of a document that the schema admitted.
    return traced('graphql operation', { 'graphql.operation.name': operation.operationName ?? 'anonymous' }, () =>
      this.run(operation),
    );
  }

  private async run(operation: Operation): Promise<ExecutionResult> {
    const { document, operationName, variables, context } = operation;
    const compiled = this.compiledFor(document, operationName);
    if (compiled) {
      const result = (await compiled.query(undefined, context, variables)) as ExecutionResult;
      if (!result.errors) return result;
      // Without data it is about the variables, and nothing has run yet: it is said in our words, below.
      if ('data' in result) return { ...result, errors: firstErrorPerPath(result.errors) };
    }
    const result = await execute({
      schema: this.schema,
      document,
      operationName,
      contextValue: context,
      variableValues: variables,
    });
    return withoutValues(this.schema, operation, result);
  }

  private compiledFor(document: DocumentNode, operationName: string | undefined): CompiledQuery | undefined {
    let plans = this.plans.get(document);
    if (!plans) {
      plans = new Map();
      this.plans.set(document, plans);
    }
    let plan = plans.get(operationName);
    if (!plan) {
      plan = { uses: 0 };
      plans.set(operationName, plan);
    }
    plan.uses += 1;
    if (plan.compiled === undefined && plan.uses >= (this.options.compileAtUse ?? COMPILE_AT_USE)) {
      plan.compiled = this.compile(document, operationName);
    }
    return plan.compiled || undefined;
  }

  private compile(document: DocumentNode, operationName: string | undefined): CompiledQuery | false {
    if (hasVariableInsideValue(document)) {
      this.compilations.impossible += 1;
      return false;
    }
    const compiled = compileQuery(this.schema, document, operationName, {
      // Without it, @skip and @include on a fragment leak into other places that spread the same fragment.
      useExperimentalPathBasedSkipInclude: true,
      // The stack of an error that the compiler makes up says nothing; those of resolvers are kept.
      disablingCapturingStackErrors: true,
    });
    if (!isCompiledQuery(compiled)) {
      this.compilations.impossible += 1;
      return false;
    }
    this.compilations.compiled += 1;
    return compiled;
  }
}

/** A resolver of a non-null field that fails is reported twice by the compiler: as it failed, and as the null it left. */
function firstErrorPerPath(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  if (errors.length === 1) return errors;
  const seen = new Set<string>();
  return errors.filter((error) => {
    const path = JSON.stringify(error.path);
    if (path !== undefined && seen.has(path)) return false;
    if (path !== undefined) seen.add(path);
    return true;
  });
}

/**
 * Whether a variable stands inside an object or a list, as in `input: { tags: $tags }`. The compiler turns one that was not
 * given into null, where it should be left out: for an update that is the difference between "keep" and "clear".
 */
function hasVariableInsideValue(document: DocumentNode): boolean {
  let found = false;
  let depth = 0;
  const value = {
    enter(): void {
      depth += 1;
    },
    leave(): void {
      depth -= 1;
    },
  };
  visit(document, {
    ObjectValue: value,
    ListValue: value,
    Variable() {
      if (depth === 0) return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}
