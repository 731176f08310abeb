import 'reflect-metadata';
import type { NonEmptyArray } from 'type-graphql';
import { ViewerResolver } from './viewer/viewer.resolver.js';

/** A class with decorated resolver methods. */
// biome-ignore lint/complexity/noBannedTypes: the type that TypeGraphQL takes.
export type ResolverClass = Function;

/** Every resolver of the API. A new one is added here, and nowhere else in the gateway. */
export const resolvers: NonEmptyArray<ResolverClass> = [ViewerResolver];
