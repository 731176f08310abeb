import type { DataCopyRecord, Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import { connectionFinder } from '../connections/connection-finder.js';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { ImportDataCopyInput } from './data-copy.input.js';
import { CancelDataCopyResult, ImportDataCopyResult, StartDataCopyResult } from './data-copy.result.js';
import { DataCopy, DataCopyConnection, DataCopyFile } from './data-copy.type.js';
import { showDataCopy, showDataCopyFile } from './show-data-copy.js';

/** The import, or what a user can mend. */
function answerCopy(copy: Promise<DataCopyRecord>) {
  return orUserError(copy.then((record) => ({ dataCopy: showDataCopy(record) })));
}

/** Imports of copies of an ATS's data. Files come and go over HTTP, ../files/data-copy-routes.ts. */
@injectable()
@Resolver(() => DataCopy)
export class DataCopyResolver {
  private readonly connectionOf = connectionFinder(() => this.hub);
  private readonly filesOf = batched((scope, ids: readonly string[]) => this.hub.dataCopies.filesOf(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('connection:manage')
  @Query(() => DataCopyConnection, { description: 'The imports of data copies of a connection, newest first.' })
  async dataCopies(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<DataCopy>> {
    return toConnection(await this.hub.dataCopies.list(scope, connectionId, toPageRequest(page)), page, showDataCopy);
  }

  @Authorized('connection:manage')
  @Query(() => DataCopy, {
    nullable: true,
    description: 'One import of a data copy; null when there is none of this id, or none any more.',
  })
  async dataCopy(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the import.') id: string,
  ): Promise<DataCopy | undefined> {
    const copy = await this.hub.dataCopies.get(scope, id);
    return copy && showDataCopy(copy);
  }

  @Authorized('connection:manage')
  @Mutation(() => ImportDataCopyResult, {
    description:
      "Makes an import of a copy of the ATS's data, which waits for its files. Rows never overwrite newer data, whoever was erased stays away, and the same copy again changes nothing.",
  })
  importDataCopy(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => ImportDataCopyInput, { description: 'Whose copy it is.' }) {
      connectionId,
    }: ImportDataCopyInput,
  ): Promise<typeof ImportDataCopyResult> {
    return answerCopy(this.hub.dataCopies.open(scope, connectionId));
  }

  @Authorized('connection:manage')
  @Mutation(() => StartDataCopyResult, {
    description:
      'Begins to write the rows of the files that were uploaded, or goes on after a failure. Answers as soon as it is stored; one that is under way is answered as it is.',
  })
  startDataCopy(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the import.') id: string,
  ): Promise<typeof StartDataCopyResult> {
    return answerCopy(this.hub.dataCopies.start(scope, id));
  }

  @Authorized('connection:manage')
  @Mutation(() => CancelDataCopyResult, {
    description: 'Ends an import. What it wrote stays; its files are deleted.',
  })
  cancelDataCopy(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the import.') id: string,
  ): Promise<typeof CancelDataCopyResult> {
    return answerCopy(this.hub.dataCopies.cancel(scope, id));
  }

  @FieldResolver(() => [DataCopyFile], { description: 'Its CSV files, by path.' })
  async files(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: DataCopy): Promise<readonly DataCopyFile[]> {
    return ((await this.filesOf(scope, id)) ?? []).map(showDataCopyFile);
  }

  @Authorized('connection:read')
  @FieldResolver(() => ConnectionType, { description: 'The connection whose ATS made the copy.' })
  connection(@Ctx() { hub: scope }: GatewayContext, @Root() { connectionId }: DataCopy): Promise<ConnectionType> {
    return this.connectionOf(scope, connectionId);
  }
}
