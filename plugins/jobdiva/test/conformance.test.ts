import { describePlugin } from '@talentbridge/testkit';
import { startSimulator } from '../simulator/index.js';
import plugin from '../src/index.js';
import { subjectOf } from './jobdiva-subject.js';

describePlugin(plugin, {
  start: async () => subjectOf(await startSimulator({ rate: 0 })),
  skips: {
    'rediscovery.attachment':
      'JobDiva lists résumés without the names of their files, which come with the file itself: rediscovery.test.ts.',
  },
});
