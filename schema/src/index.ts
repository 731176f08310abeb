/**
 * The types of the API, and one typed document for each operation in operations/. Generated; `npm run schema` renews it.
 *
 * @packageDocumentation
 */
export * from './generated/graphql.js';
