import type { InsightsFormat as HubInsightsFormat, InsightsPaper } from '@talentbridge/hub';
import { Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** As what Insights can be saved. */
export const InsightsFormat = describedEnum<HubInsightsFormat>('InsightsFormat', 'As what Insights can be saved.', {
  XLSX: 'An Excel workbook: a summary, then a sheet with a table and a chart for each dimension.',
  PAGE: 'A page to be printed: HTML that stands alone, with a table and bars for each dimension.',
});

/** The paper that Insights are printed on. */
export const PaperSize = describedEnum<InsightsPaper>('PaperSize', 'The paper that something is printed on.', {
  A4: '210 by 297 mm.',
  LETTER: '8.5 by 11 inches.',
});

/** A way to Insights as a file. */
@ObjectType({ description: 'A way to Insights as a file.' })
export class InsightsFile {
  @Field(() => String, {
    description:
      'Where it can be had until `expiresAt` without a token, relative to the origin of this API. It is made for the user who asked: do not hand it on, and do not keep it.',
  })
  url!: string;

  @Field(() => Date, { description: 'Until when the link is good.' })
  expiresAt!: Date;
}
