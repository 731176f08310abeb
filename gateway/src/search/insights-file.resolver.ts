import type { InsightsFormat as HubInsightsFormat, InsightsPaper } from '@talentbridge/hub';
import { injectable } from 'tsyringe';
import { Arg, Authorized, FieldResolver, Resolver, Root } from 'type-graphql';
import { Insights } from './insights.type.js';
import { InsightsFile, InsightsFormat, PaperSize } from './insights-file.type.js';
import { insightsPathOf } from './insights-workbook-route.js';

/** Insights as a file. */
@injectable()
@Resolver(() => Insights)
export class InsightsFileResolver {
  @Authorized('candidate:read')
  @FieldResolver(() => InsightsFile, {
    description:
      'They are written into a file, with what was searched, and a link to it for the user who asks. Who did so stands in the audit log.',
  })
  async file(
    @Root() { save }: Insights,
    @Arg('format', () => InsightsFormat, { description: 'As what.' }) format: HubInsightsFormat,
    @Arg('paper', () => PaperSize, { defaultValue: 'A4', description: 'The paper that it is printed on.' })
    paper: InsightsPaper,
  ): Promise<InsightsFile> {
    const { token, expiresAt } = await save(format, paper);
    return { url: insightsPathOf(format, token), expiresAt };
  }
}
