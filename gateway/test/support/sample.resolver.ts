import 'reflect-metadata';
import { CandidateRejectedError, PluginFaultError } from '@talentbridge/contracts';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { z } from 'zod';
import type { GatewayContext } from '../../src/context.js';
import { createResultUnion } from '../../src/graphql/result-union.js';
import { type ConnectionOf, connectionTypes } from '../../src/pagination/connection.type.js';
import { PageArguments } from '../../src/pagination/page-arguments.js';
import { toConnection } from '../../src/pagination/to-connection.js';
import { IdArgument, idSchema } from '../../src/validation/id-argument.js';
import { parsedBy } from '../../src/validation/parsed-by.js';

/** How often a resolver of the sample has run, to prove that it has not. */
export const calls = { count: 0 };

@ObjectType({ description: 'A sample.' })
export class Sample {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => Sample, { description: 'Another one.' })
  next?: Sample;
}

const samples = connectionTypes<Sample>('Sample', () => Sample, 'samples');

@InputType({ description: 'Picks samples.' })
@parsedBy(
  z.object({ ids: z.array(idSchema).max(3, 'At most 3.'), name: z.string().max(5, 'At most 5 letters.').nullish() }),
)
export class SampleInput {
  @Field(() => [ID], { description: 'Ids.' })
  ids!: string[];

  @Field(() => String, { nullable: true, description: 'A name.' })
  name?: string | null;
}

@ObjectType({ description: 'It was done.' })
class SampleDone {
  @Field(() => String, { description: 'What was done.' })
  what!: string;
}

@ObjectType({ description: 'It was refused.' })
class SampleRefused {
  @Field(() => String, { description: 'Why.' })
  reason!: string;
}

const SampleResult = createResultUnion({
  name: 'SampleResult',
  description: 'What became of it.',
  types: () => [SampleDone, SampleRefused] as const,
  typeOf: (value: { readonly kind: 'done' | 'refused' }) => (value.kind === 'done' ? 'SampleDone' : 'SampleRefused'),
});

const HIDDEN = 'postgres://hub:hunter2@db/hub is down';

/** Fields that show each thing the edge has to handle. */
@Resolver(() => Sample)
export class SampleResolver {
  @FieldResolver(() => Sample, { description: 'Another one.' })
  next(@Root() sample: Sample): Sample {
    return sample;
  }

  @Authorized('candidate:read')
  @Query(() => Sample, { description: 'One sample.' })
  sample(@IdArgument('id', 'Which one.') id: string): Sample {
    calls.count += 1;
    return { id, name: 'one' };
  }

  @Authorized()
  @Query(() => samples.Connection, { description: 'A page of samples.' })
  samples(@Args(() => PageArguments) page: PageArguments): ConnectionOf<Sample> {
    calls.count += 1;
    const start = page.after ? Number(Buffer.from(page.after, 'base64url').toString()) : 0;
    const numbers = Array.from({ length: Math.min(page.first, 250 - start) }, (_, index) => start + index + 1);
    return toConnection(
      {
        items: numbers,
        cursors: numbers.map((number) => Buffer.from(String(number)).toString('base64url')),
        hasNextPage: start + page.first < 250,
        total: async () => 250,
      },
      page,
      (number) => ({ id: String(number), name: `sample ${number}` }),
    );
  }

  @Authorized()
  @Query(() => String, { nullable: true, description: 'Checks an input.' })
  pick(@Arg('input', () => SampleInput) input: SampleInput): string {
    return `${input.ids.length}`;
  }

  @Authorized()
  @Query(() => [SampleResult], { description: 'One of each.' })
  outcomes(): object[] {
    return [
      { kind: 'done', what: 'export' },
      { kind: 'refused', reason: 'closed' },
    ];
  }

  @Authorized()
  @Query(() => String, { nullable: true, description: 'Fails in some way.' })
  fails(@Arg('how', () => String) how: string): string {
    if (how === 'hub') throw new CandidateRejectedError('Acme ATS', 'no name');
    if (how === 'fix') throw new PluginFaultError('acme', HIDDEN);
    throw new Error(HIDDEN);
  }

  /** Forgot to say who may. */
  @Query(() => String, { description: 'Open by mistake.' })
  open(): string {
    calls.count += 1;
    return 'open';
  }

  @Authorized('connection:manage')
  @Mutation(() => String, { description: 'Changes something.' })
  change(): string {
    calls.count += 1;
    return 'changed';
  }

  @Authorized('export:run')
  @Query(() => String, { description: 'For staff.' })
  exportSomething(): string {
    return 'ok';
  }

  @Authorized('audit:read')
  @Query(() => String, { description: 'For admins and operators.' })
  auditSomething(): string {
    return 'ok';
  }

  @Authorized('entitlement:set')
  @Query(() => String, { description: 'For operators.' })
  entitleSomething(): string {
    return 'ok';
  }

  @Authorized()
  @Query(() => String, { description: 'Uses the hub.' })
  organization(@Ctx() { hub }: GatewayContext): string {
    return hub.organizationId;
  }

  @Authorized()
  @Query(() => Int, { description: 'Takes its time.' })
  async wait(@Arg('ms', () => Int) ms: number): Promise<number> {
    calls.count += 1;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms;
  }

  @Authorized('export:read')
  @Subscription(() => Int, {
    description: 'Counts.',
    subscribe: ({ args }: { args: Record<string, unknown> }) => countTo(Number(args['count'])),
  })
  counted(@Root() number: number, @Arg('count', () => Int, { defaultValue: 3 }) _count: number): number {
    if (number === 13) throw new Error(HIDDEN);
    return number;
  }
}

/** Iterators that have started and not ended. */
export const running = { count: 0 };

/** Counts, then waits for ever: `return` ends it, also while it waits. */
function countTo(count: number): AsyncIterableIterator<number> {
  let number = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  running.count += 1;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      number += 1;
      if (number <= count) return { done: false, value: number };
      if (count < 10) return this.return?.() ?? { done: true, value: undefined };
      await ended;
      return { done: true, value: undefined };
    },
    async return() {
      end();
      running.count -= 1;
      return { done: true, value: undefined };
    },
  };
}
