import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGatewaySchema } from './schema.js';

/** Prints the schema definition, sorted, so that a difference is a change: `node gateway/dist/emit-schema.js`. */
const schema = await buildGatewaySchema();
process.stdout.write(`${printSchema(lexicographicSortSchema(schema))}\n`);
