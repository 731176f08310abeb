import type { NetworkWidget } from '@talentbridge/contracts';
import type { Customer } from './client.js';

const SCRIPT = 'https://platform.linkedin.com/xdoor/scripts/in.js';
const EXTENSIONS = 'https://platform.linkedin.com/rsc/extensions';

/** A candidate's profile at LinkedIn, inside the ATS (LinkedIn sheet §8, CONFIRMED). The candidate must have been sent before. */
export function profileWidget({ clientId, organization }: Customer, candidateRemoteId: string): NetworkWidget {
  return {
    scriptUrl: SCRIPT,
    scriptSettings: { api_key: clientId, extensions: `HcmWidget@${EXTENSIONS}/profile-widget` },
    elementType: 'IN/HcmWidget',
    attributes: {
      'data-widget-type': 'ATS',
      'data-ats-candidate-id': candidateRemoteId,
      'data-integration-context': organization,
      'data-show-unlink-url': 'true',
      'data-confirm-unlink': 'true',
      'data-width': '100%',
    },
    callbacks: {
      // Called with the person's URN.
      'data-onlink': 'link',
      'data-onunlink': 'unlink',
    },
  };
}

/** Where an administrator of Recruiter asks for the package (LinkedIn sheet §3, CONFIRMED). */
export function setupWidget({ clientId }: Customer): NetworkWidget {
  return {
    scriptUrl: SCRIPT,
    scriptSettings: { api_key: clientId, extensions: `ATSIntegrationWidget@${EXTENSIONS}/onboarding-widget` },
    elementType: 'IN/ATSIntegrationWidget',
    attributes: {
      'data-supported-bundled-integration-types': 'RECRUITER_SYSTEM_CONNECT_COMPANY,RECRUITER_SYSTEM_CONNECT_CONTRACT',
      'data-width': '100%',
    },
    callbacks: { 'data-onintegrate': 'request' },
  };
}
