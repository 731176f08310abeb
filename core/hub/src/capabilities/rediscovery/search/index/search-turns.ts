import { HubError } from '@talentbridge/contracts';

/** More searches of one organization wait than may. */
export class SearchBusyError extends HubError {
  readonly code = 'SEARCH_BUSY';
  readonly recovery = 'retry';

  constructor() {
    super('Too many searches of your organization are under way. Search again in a moment.');
  }
}

interface Places {
  taken: number;
  readonly waiting: (() => void)[];
}

/**
 * Lets a few searches of an organization work at once and the others wait: engines do one search after the other, so that whoever
 * sends a hundred would have everybody else wait for all of them.
 */
export class SearchTurns {
  private readonly organizations = new Map<string, Places>();

  constructor(private readonly limits: { readonly atOnce: number; readonly waiting: number }) {}

  /** Does something once it is its turn. @throws SearchBusyError */
  async take<Result>(organizationId: string, work: () => Promise<Result>): Promise<Result> {
    const places = this.organizations.get(organizationId) ?? { taken: 0, waiting: [] };
    this.organizations.set(organizationId, places);
    if (places.taken < this.limits.atOnce) places.taken += 1;
    else {
      if (places.waiting.length >= this.limits.waiting) throw new SearchBusyError();
      await new Promise<void>((resolve) => {
        places.waiting.push(resolve);
      });
    }
    try {
      return await work();
    } finally {
      const next = places.waiting.shift();
      // The place goes to whoever waits longest, and to nobody who comes meanwhile.
      if (next) next();
      else places.taken -= 1;
      if (places.taken === 0) this.organizations.delete(organizationId);
    }
  }
}
