import { describePlugin } from '@talentbridge/testkit';
import { startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './icims-subject.js';

describePlugin(plugin, {
  start: async () => subjectOf(await startSimulator({ quota: 1_000_000 }), { sendResume: true }),
});
