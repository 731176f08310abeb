import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/**
 * Whether an operation asks for more than the schema's own description. Whatever else it asks for needs a signed-in
 * caller, whether or not its field remembers to say so: a forgotten `@Authorized` must not open a door.
 */
export function needsCaller(document: DocumentNode, operation: OperationDefinitionNode): boolean {
  const seen = new Set<string>();
  const needs = (set: SelectionSetNode): boolean =>
    set.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return !selection.name.value.startsWith('__');
      if (selection.kind === Kind.INLINE_FRAGMENT) return needs(selection.selectionSet);
      const name = selection.name.value;
      if (seen.has(name)) return false;
      seen.add(name);
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
      );
      return fragment?.kind === Kind.FRAGMENT_DEFINITION && needs(fragment.selectionSet);
    });
  return needs(operation.selectionSet);
}
