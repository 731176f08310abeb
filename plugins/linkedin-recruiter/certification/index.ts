import { accessLists } from './access-lists.ts';
import { deleting } from './deleting.ts';
import { onboarding } from './onboarding.ts';
import { other } from './other.ts';
import type { Exercises } from './protocol.ts';
import { retrieving } from './retrieving.ts';
import { syncing } from './syncing.ts';

/** What shows the rules on the plugin alone, opened as the hub opens it. */
export const pluginExercises: Exercises = {
  ...onboarding,
  ...syncing,
  ...retrieving,
  ...accessLists,
  ...deleting,
  ...other,
};

export * from './certify.ts';
export { Concealment } from './concealment.ts';
export * from './evidence-sheet.ts';
export { SECRETS } from './plugin-stand.ts';
export type { Exercises, Protocol } from './protocol.ts';
export { type Exchange, Recorder } from './recorder.ts';
export * from './recruiter-pages.ts';
export { headings } from './syncing.ts';
export * from './wire.ts';
