import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
const schema = buildSchema(await read('schema/schema.graphql'));
const ownTypes = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type) && !isRoot(type),
);

/** The three roots are known to every reader, and their fields are described. */
function isRoot(type: GraphQLNamedType): boolean {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].some((each) => each === type);
}

function* undescribed(): Generator<string> {
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    if (!type.description && !isRoot(type)) yield type.name;
    if (isEnumType(type)) {
      for (const value of type.getValues()) if (!value.description) yield `${type.name}.${value.name}`;
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        if (!field.description) yield `${type.name}.${field.name}`;
        for (const argument of field.args) {
          if (!argument.description) yield `${type.name}.${field.name}(${argument.name})`;
        }
      }
    }
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) if (!field.description) yield `${type.name}.${field.name}`;
    }
  }
}

/** Every `.ts` file below a folder of the repository. */
async function sources(folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { recursive: true });
  return Promise.all(entries.filter((name) => name.endsWith('.ts')).map((name) => read(join(folder, name))));
}

describe('the schema', () => {
  it('describes every type, field, argument and value', () => {
    expect([...undescribed()]).toEqual([]);
  });

  it('has enums in upper case, which is what makes them stable to look at', () => {
    const values = ownTypes.filter(isEnumType).flatMap((type) => type.getValues().map((value) => value.name));
    expect(values.filter((name) => !/^[A-Z][A-Z0-9_]*$/.test(name))).toEqual([]);
  });

  it('has pages that follow Relay', () => {
    for (const type of ownTypes.filter(isObjectType)) {
      if (!type.name.endsWith('Connection') || !type.getFields()['pageInfo']) continue;
      expect(Object.keys(type.getFields())).toEqual(expect.arrayContaining(['edges', 'pageInfo']));
      expect(String(type.getFields()['pageInfo']?.type)).toBe('PageInfo!');
    }
  });

  it('fits every named operation', async () => {
    const files = (await readdir(join(root, 'schema/operations'))).filter((name) => name.endsWith('.graphql'));
    expect(files.length).toBeGreaterThan(0);
    // One document, as the generator reads them: fragments are shared, names are used once.
    const all = parse((await Promise.all(files.map((file) => read(`schema/operations/${file}`)))).join('\n'));
    expect(validate(schema, all, specifiedRules)).toEqual([]);
  });
});

describe('README.md', () => {
  it('lists every error code, and none that there is not', async () => {
    const readme = await read('schema/README.md');
    const section = readme.slice(readme.indexOf('\n## Errors'));
    const listed = [...section.matchAll(/`([A-Z]+(?:_[A-Z]+)+|FORBIDDEN|UNAUTHENTICATED)`/g)].map((match) => match[1]);

    const code = (await Promise.all(['core', 'gateway/src'].map(sources))).flat().join('\n');
    const ofHub = [...code.matchAll(/readonly code(?:: \w+)? = '([A-Z_]+)'/g)].map((match) => match[1]);
    const gateway = /enum GatewayErrorCode \{([^}]*)\}/s.exec(code)?.[1] ?? '';
    const ofGateway = [...gateway.matchAll(/^ {2}([A-Z_]+) = /gm)].map((match) => match[1]);

    expect(ofGateway.length).toBeGreaterThan(10);
    expect([...new Set(listed)].sort()).toEqual([...new Set([...ofHub, ...ofGateway])].sort());
  });

  it('names no claim, origin or limit that the configuration does not know', async () => {
    const configuration = await read('gateway/src/configuration.ts');
    const named = [...(await read('schema/README.md')).matchAll(/`((?:AUTH|CORS)_[A-Z_]+)`/g)].map((match) => match[1]);
    for (const variable of named) expect(configuration).toContain(`  ${variable}:`);
  });
});
