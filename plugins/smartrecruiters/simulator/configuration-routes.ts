import { offsetPage } from './paging.js';
import { notFound } from './refusal.js';
import type { Answer, RouteRegistrar } from './routes.js';
import { REJECTION_REASONS, SUB_STATUSES, WITHDRAWAL_REASONS } from './vocabulary.js';

const HOST = 'https://api.smartrecruiters.com';

/** Settings of the account (SmartRecruiters sheet §10). */
export function registerConfiguration(route: RouteRegistrar): void {
  const READ = ['configuration_read'];

  // Two scopes are documented that sound like this call's; either opens it (INFERRED, sheet §15).
  route('GET', '/configuration/company', [...READ, 'company_read'], ({ account }) => ({
    body: { identifier: account.identifier, name: account.name, location: { countryCode: 'us' } },
  }));
  route('GET', '/configuration/departments', READ, ({ account }) =>
    all(
      [...new Set(account.jobs.map(({ department }) => department))].map((label) => ({
        id: label.toLowerCase(),
        label,
      })),
    ),
  );
  route('GET', '/configuration/rejection-reasons', READ, () => all(REJECTION_REASONS));
  route('GET', '/configuration/withdrawal-reasons', READ, () => all(WITHDRAWAL_REASONS));
  route('GET', '/configuration/hiring-processes', READ, () =>
    all([
      {
        id: 'process-1',
        name: 'Default',
        active: true,
        subStatuses: SUB_STATUSES,
      },
    ]),
  );

  route('GET', '/configuration/sources', READ, ({ account }) =>
    all(
      account.sourceTypes.map(({ id, label, subtypes }) => ({
        id,
        label,
        subtypes: subtypes.map((subtype) => ({ id: subtype })),
        actions: { values: { url: `${HOST}/configuration/sources/${id}/values`, method: 'GET' } },
      })),
    ),
  );
  route('GET', '/configuration/sources/:sourceType/values', READ, ({ account, query, param }) => {
    const { sourceSubType: [wanted] = [] } = query;
    const { values } = account.sourceType(param('sourceType'));
    const page = offsetPage(
      values.filter(({ subType }) => wanted === undefined || subType === wanted),
      query,
    );
    const content = page.content.map(({ id, label, subType }) => ({
      id,
      label,
      ...(subType === undefined ? {} : { sourceSubType: { id: subType } }),
      actions: {},
    }));
    return { body: { ...page, content } };
  });
  route('GET', '/configuration/sources/:sourceIdentifier', READ, ({ account, param }) => {
    const identifier = param('sourceIdentifier');
    for (const type of account.sourceTypes) {
      const source = type.values.find(({ id }) => id === identifier);
      if (source) return { body: { label: source.label, subType: source.subType ?? '', type: type.label } };
    }
    throw notFound('Source');
  });
}

function all(content: readonly object[]): Answer {
  return { body: { totalFound: content.length, content } };
}
