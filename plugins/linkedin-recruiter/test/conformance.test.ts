import { describePlugin } from '@talentbridge/testkit';
import plugin from '../src/index.js';
import { startSubject } from './linkedin-subject.js';

const ONE_ADDRESS =
  'LinkedIn has one address for each customer (LinkedIn sheet §3.2): there is never a second subscription.';

describePlugin(plugin, {
  start: startSubject,
  skips: {
    'webhooks.list': ONE_ADDRESS,
    'webhooks.unsubscribe': ONE_ADDRESS,
    'webhooks.vanished': ONE_ADDRESS,
    'webhooks.switched-off':
      'LinkedIn does not say that it blocks an address (LinkedIn sheet §6.1): there is only one, or none.',
  },
});
