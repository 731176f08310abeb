import { type ExportedTo as HubExportedTo, isDummyEmail, type StoredProfile } from '@talentbridge/hub';
import type { ExportedTo, Profile } from './profile.type.js';

/** A profile of the hub as the schema shows it: revealed contact data, and of the rest how much there is. */
export function showProfile({ id, profile, updatedAt }: StoredProfile, dummyEmailDomain: string): Profile {
  const emails = profile.emails.filter(({ address }) => !isDummyEmail(address, dummyEmailDomain));
  const revealedEmails = emails.filter(({ revealed }) => revealed);
  const revealedPhones = profile.phones.filter(({ revealed }) => revealed);
  return {
    ...profile,
    id,
    fullName: profile.fullName ?? [profile.firstName, profile.lastName].filter(Boolean).join(' '),
    emails: revealedEmails.map(({ address, type }) => ({ address, type })),
    hiddenEmailCount: emails.length - revealedEmails.length,
    phones: revealedPhones.map(({ number, type }) => ({ number, type })),
    hiddenPhoneCount: profile.phones.length - revealedPhones.length,
    updatedAt,
  };
}

/** Where a person was exported to, as the schema shows it. */
export function showExportedTo(exported: HubExportedTo, atsName: string): ExportedTo {
  const { connectionId, remoteId, remoteUrl, exportedAt } = exported;
  return { atsName, connectionId, remoteId, url: remoteUrl, exportedAt };
}
