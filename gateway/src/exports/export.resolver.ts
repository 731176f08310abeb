import type { ExportRecord, Hub } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { ConnectionType } from '../connections/connection.type.js';
import { connectionFinder } from '../connections/connection-finder.js';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { batched } from '../graphql/batched.js';
import { subscribeWith } from '../graphql/subscribe-with.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument, parseId } from '../validation/id-argument.js';
import { ExportFilter, ExportItemFilter, RetrySelection } from './export.args.js';
import { ExportCandidatesInput, PreviewExportInput, SettleExportItemInput } from './export.input.js';
import {
  CancelExportResult,
  ExportCandidatesResult,
  PreviewExportResult,
  RetryExportResult,
  SettleExportItemResult,
} from './export.result.js';
import { Export, ExportConnection, ExportCounts } from './export.type.js';
import { exportChanges } from './export-changes.js';
import { ExportField } from './export-field.type.js';
import { type ExportItem, ExportItemConnection } from './export-item.type.js';
import { ExportPreflight } from './export-preflight.type.js';
import { showExport, showExportField, showExportItem } from './show-export.js';
import { toExportOrder, toPreviewOrder, toSettlement } from './to-export-order.js';

/** The export, or what a user can mend. */
function answerExport(stored: Promise<ExportRecord>) {
  return orUserError(stored.then((record) => ({ export: showExport(record) })));
}

/** Exports of candidates into connected systems. */
@injectable()
@Resolver(() => Export)
export class ExportResolver {
  private readonly connectionOf = connectionFinder(() => this.hub);
  private readonly countsOf = batched((scope, ids: readonly string[]) => this.hub.exportHistory.counts(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('export:read')
  @Query(() => ExportConnection, { description: 'The exports of the organization, newest first.' })
  async exports(
    @Ctx() { hub: scope }: GatewayContext,
    @Args(() => ExportFilter) { connectionId }: ExportFilter,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<Export>> {
    return toConnection(
      await this.hub.exportHistory.list(scope, toPageRequest(page), connectionId ?? undefined),
      page,
      showExport,
    );
  }

  @Authorized('export:read')
  @Query(() => Export, { nullable: true, description: 'One export; null when there is none of this id.' })
  async export(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the export.') id: string,
  ): Promise<Export | undefined> {
    const record = await this.hub.exportHistory.get(scope, id);
    return record && showExport(record);
  }

  @Authorized('export:read')
  @Query(() => [ExportField], {
    description:
      'What is sent through a connection, with its limits: the declaration that the exporter itself works by.',
  })
  async exportFields(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
  ): Promise<readonly ExportField[]> {
    return (await this.hub.exportDestinations.fields(scope, connectionId)).map(showExportField);
  }

  @Authorized('export:read')
  @Query(() => ExportPreflight, {
    description:
      "Compares the organization's tags and the connection's source with the lists of the ATS, before anything is exported.",
  })
  exportPreflight(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
  ): Promise<ExportPreflight> {
    return this.hub.exportPreflight.check(scope, connectionId);
  }

  @Authorized('export:run')
  @Mutation(() => PreviewExportResult, {
    description:
      'Says for each candidate exactly what would be sent, what is dropped or shortened and why, and what is expected to happen. Sends nothing. At most 200 candidates.',
  })
  previewExport(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => PreviewExportInput, { description: 'What the export would be.' }) input: PreviewExportInput,
  ): Promise<typeof PreviewExportResult> {
    return orUserError(
      this.hub.exportPreview.preview(scope, toPreviewOrder(input)).then((candidates) => ({ candidates })),
    );
  }

  @Authorized('export:run')
  @Mutation(() => ExportCandidatesResult, {
    description:
      'Exports candidates: at most 10000. Answers as soon as the order is stored; the export runs by itself.',
  })
  exportCandidates(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => ExportCandidatesInput, { description: 'The order.' }) input: ExportCandidatesInput,
  ): Promise<typeof ExportCandidatesResult> {
    return answerExport(this.hub.exports.order(scope, toExportOrder(input)));
  }

  @Authorized('export:run')
  @Mutation(() => RetryExportResult, { description: 'Sends failed candidates of an export again, and only those.' })
  retryExport(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('exportId', 'The export.') exportId: string,
    @Args(() => RetrySelection) { itemIds }: RetrySelection,
  ): Promise<typeof RetryExportResult> {
    return answerExport(this.hub.exports.retry(scope, exportId, itemIds ?? undefined));
  }

  @Authorized('export:run')
  @Mutation(() => CancelExportResult, {
    description: 'Stops an export. Candidates that were not begun are skipped; what is under way is finished first.',
  })
  cancelExport(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('exportId', 'The export.') exportId: string,
  ): Promise<typeof CancelExportResult> {
    return answerExport(this.hub.exports.cancel(scope, exportId));
  }

  @Authorized('export:settle')
  @Mutation(() => SettleExportItemResult, {
    description: 'Says what became of a candidate that the ATS never answered, after an admin has looked there.',
  })
  settleExportItem(
    @Ctx() { hub: scope }: GatewayContext,
    @Arg('input', () => SettleExportItemInput, { description: 'The item, and what was found out.' })
    input: SettleExportItemInput,
  ): Promise<typeof SettleExportItemResult> {
    return orUserError(
      this.hub.exports
        .settle(scope, input.itemId, toSettlement(input))
        .then((item) => ({ item: showExportItem(item) })),
    );
  }

  @Authorized('export:read')
  @Subscription(() => Export, {
    description:
      'An export at once, then at each change, at most some ten times a second; ends after it is complete or stopped.',
    subscribe: subscribeWith(
      () => ExportResolver,
      ({ hub }, context, args) => exportChanges(hub, context.hub, parseId('exportId', args['exportId'])),
    ),
  })
  exportProgress(
    @Root() record: ExportRecord,
    @Arg('exportId', () => ID, { description: 'The export.' }) _exportId: string,
  ): Export {
    return showExport(record);
  }

  @Authorized('connection:read')
  @FieldResolver(() => ConnectionType, {
    description: 'The connection that it goes through; it may have been removed since.',
  })
  connection(@Ctx() { hub: scope }: GatewayContext, @Root() { connectionId }: Export): Promise<ConnectionType> {
    return this.connectionOf(scope, connectionId);
  }

  @FieldResolver(() => ExportCounts, { description: 'How far it is.' })
  async counts(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: Export): Promise<ExportCounts> {
    const counts = await this.countsOf(scope, id);
    if (!counts) throw new Error('An export has no candidates.');
    return counts;
  }

  @FieldResolver(() => ExportItemConnection, { description: 'Its candidates with their results, in their order.' })
  async items(
    @Ctx() { hub: scope }: GatewayContext,
    @Root() { id }: Export,
    @Args(() => ExportItemFilter) { outcomes }: ExportItemFilter,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<ExportItem>> {
    return toConnection(
      await this.hub.exportHistory.items(scope, id, toPageRequest(page), outcomes ?? undefined),
      page,
      showExportItem,
    );
  }
}
