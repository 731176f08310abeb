import type { Hub } from '@talentbridge/hub';
import type { InjectionToken } from 'tsyringe';

/** What a resolver asks the container for to reach the hub's services: `@inject(HUB) private readonly hub: Hub`. */
export const HUB: InjectionToken<Hub> = Symbol('Hub');
