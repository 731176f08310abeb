import { expect, it } from 'vitest';
import { connectEnabled } from './connect.js';

it('RSC-7: the profile of a candidate, and where the package is asked for, are what LinkedIn documents', async () => {
  await using linkedIn = await connectEnabled();
  const { systemConnect, ctx } = linkedIn.connection;
  expect(await systemConnect.profileWidget(ctx, 'C-1')).toEqual({
    scriptUrl: 'https://platform.linkedin.com/xdoor/scripts/in.js',
    scriptSettings: {
      api_key: 'sim-linkedin-exampleco',
      extensions: 'HcmWidget@https://platform.linkedin.com/rsc/extensions/profile-widget',
    },
    elementType: 'IN/HcmWidget',
    attributes: {
      'data-widget-type': 'ATS',
      'data-ats-candidate-id': 'C-1',
      'data-integration-context': 'urn:li:organization:1234',
      'data-show-unlink-url': 'true',
      'data-confirm-unlink': 'true',
      'data-width': '100%',
    },
    callbacks: { 'data-onlink': 'link', 'data-onunlink': 'unlink' },
  });
  expect(await systemConnect.setupWidget(ctx)).toMatchObject({
    elementType: 'IN/ATSIntegrationWidget',
    scriptSettings: { extensions: expect.stringContaining('onboarding-widget') },
    callbacks: { 'data-onintegrate': 'request' },
  });
});
