import { createHash, randomUUID } from 'node:crypto';
import type { AuditLog } from '../../../../kernel/audit/audit-log.js';
import { NotFoundError } from '../../../../kernel/errors.js';
import { FileMissingError, type FileStore } from '../../../../kernel/files/file-store.js';
import type { Entitlements } from '../../../../kernel/organizations/entitlements.js';
import type { OrganizationScope } from '../../../../kernel/persistence/organization-scope.js';
import type { Transaction } from '../../../../kernel/persistence/transaction.js';
import type { KeyRing } from '../../../../kernel/vault/key-ring.js';
import type { AbandonedFiles } from '../../attachments/abandoned-files.js';
import { FileLinks, type FileTicket } from '../../attachments/file-links.js';
import type { Insights } from '../insights.js';
import { searchedConnections } from '../searched-connections.js';
import { drawPage, PAGE_POLICY } from './draw-page.js';
import type { InsightsDrawing } from './insights-drawing.js';
import { type InsightsAbout, insightsReport } from './insights-report.js';

/** As what Insights can be had: an Excel workbook, or a page to be printed. */
export const INSIGHTS_FORMATS = ['XLSX', 'PAGE'] as const;

/** One of them. */
export type InsightsFormat = (typeof INSIGHTS_FORMATS)[number];

/** What `InsightsFiles` works with. */
export interface InsightsFilesParts {
  readonly files: FileStore;
  readonly abandoned: AbandonedFiles;
  readonly keys: KeyRing;
  readonly drawing: InsightsDrawing;
  readonly audit: AuditLog;
  readonly entitlements: Entitlements;
}

/** A way to a file of Insights. */
export interface InsightsLink {
  readonly token: string;
  readonly expiresAt: Date;
}

/** A file of Insights on its way to whoever opened it. */
export interface OpenedInsights {
  readonly filename: string;
  readonly contentType: string;
  /** For a page: what a browser may do with it, as a Content-Security-Policy. Absent: the file is saved, not shown. */
  readonly policy?: string;
  readonly content: AsyncIterable<Uint8Array>;
}

const KINDS = {
  XLSX: { ending: 'xlsx', contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  PAGE: { ending: 'html', contentType: 'text/html; charset=utf-8' },
} as const satisfies Record<InsightsFormat, { readonly ending: string; readonly contentType: string }>;

/**
 * Makes workbooks and pages of Insights when somebody asks for one, and hands out links to them. The file store keeps each for
 * 15 minutes and no record of it is written, so that nothing has to be looked after; its link is good for five.
 */
export class InsightsFiles {
  private readonly links: Readonly<Record<InsightsFormat, FileLinks>>;

  constructor(private readonly parts: InsightsFilesParts) {
    // A purpose for each, so that a link opens what it was made for and nothing else.
    this.links = {
      XLSX: new FileLinks(parts.keys, Date.now, 'talentbridge/insights-xlsx/1'),
      PAGE: new FileLinks(parts.keys, Date.now, 'talentbridge/insights-page/1'),
    };
  }

  /**
   * Makes a file of Insights and a link to it for this caller alone, and writes down who did. Whoever calls this has counted them
   * for the same caller: nothing is looked up here.
   * @throws InsightsBusyError when too many workbooks are being made.
   */
  async make(
    scope: OrganizationScope,
    insights: Insights,
    about: InsightsAbout,
    format: InsightsFormat,
  ): Promise<InsightsLink> {
    const { abandoned, audit, drawing, files } = this.parts;
    const report = insightsReport(insights, about);
    const content =
      format === 'XLSX'
        ? await drawing.workbook(scope.organizationId, report)
        : new TextEncoder().encode(drawPage(report));
    const { organizationId, caller } = scope;
    const ticket: FileTicket = { organizationId, fileId: randomUUID(), userId: caller.userId };
    const key = keyOf(ticket, format);
    const mirrors = await scope.transaction(async (tx) => {
      // It is never kept: what is announced and not kept is deleted after a quarter of an hour.
      await abandoned.announce(tx, key, ticket.fileId);
      await audit.record(
        tx,
        caller,
        'insights.export',
        { type: 'insights', id: ticket.fileId },
        { format, people: insights.total, dimensions: insights.dimensions.map(({ field }) => field) },
      );
      return about.whose === 'CANDIDATES' ? this.mirrors(tx) : undefined;
    });
    await files.put(key, inOne(content));
    return this.links[format].sign({ ...ticket, ...(mirrors === undefined ? {} : { about: mirrors }) });
  }

  /** Whom a link is for. @throws FileLinkInvalidError, FileLinkExpiredError */
  ticketOf(format: InsightsFormat, token: string): FileTicket {
    return this.links[format].read(token);
  }

  /**
   * Opens what a ticket is for. The scope is that of the ticket's organization and user.
   * @throws NotFoundError when it is deleted already, or was counted among other mirrors than are shown now.
   * @throws CapabilityOffError when Rediscovery was switched off since.
   */
  async open(scope: OrganizationScope, format: InsightsFormat, ticket: FileTicket): Promise<OpenedInsights> {
    const { ending, contentType } = KINDS[format];
    if (ticket.about !== undefined && ticket.about !== (await scope.read((tx) => this.mirrors(tx)))) {
      throw new NotFoundError('insights', ticket.fileId);
    }
    try {
      return {
        filename: `insights.${ending}`,
        contentType,
        ...(format === 'PAGE' ? { policy: PAGE_POLICY } : {}),
        content: await this.parts.files.read(keyOf(ticket, format)),
      };
    } catch (error) {
      if (error instanceof FileMissingError) throw new NotFoundError('insights', ticket.fileId);
      throw error;
    }
  }

  /** Names the mirrors that are shown. @throws CapabilityOffError */
  private async mirrors(tx: Transaction): Promise<string> {
    const ids = await searchedConnections(tx, this.parts.entitlements);
    return createHash('sha256').update(ids.toSorted().join()).digest('base64url');
  }

  /** Ends what is being drawn. */
  close(): Promise<void> {
    return this.parts.drawing.close();
  }
}

/** Below the folder of its organization: a ticket of another one leads elsewhere. */
function keyOf({ organizationId, fileId }: FileTicket, format: InsightsFormat): string {
  return `${organizationId}/insights/${fileId}.${KINDS[format].ending}`;
}

async function* inOne(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
