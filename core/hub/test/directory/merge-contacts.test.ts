import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContactAnswer, ContactKind } from '../../src/directory/contacts/contact-source.js';
import { mergeContacts } from '../../src/directory/contacts/merge-contacts.js';
import type { Profile } from '../../src/directory/profile.js';
import { readProfile } from '../../src/directory/profile-input.js';

const both: readonly ContactKind[] = ['EMAIL', 'PHONE'];
const isPlaceholder = (address: string): boolean => address.endsWith('@dummy.example');

function profileOf(contacts: { readonly emails?: readonly object[]; readonly phones?: readonly object[] }): Profile {
  const reading = readProfile({ key: 'k', firstName: 'Ada', location: { country: 'US' }, ...contacts });
  if (!reading.ok) throw new Error(JSON.stringify(reading.reasons));
  return reading.profile;
}

const merge = (profile: Profile, answer: Parameters<typeof mergeContacts>[1], kinds = both) =>
  mergeContacts(profile, answer, kinds, kinds, isPlaceholder);

describe('EXP-3: contact data that a source found', () => {
  it('is added once and revealed, after what the profile has', () => {
    const profile = profileOf({
      emails: [{ address: 'Ada@work.example', type: 'work' }],
      phones: [{ number: '+12125550142' }],
    });
    const answer: ContactAnswer = {
      kind: 'FOUND',
      emails: [{ address: 'ada@home.example', type: 'personal' }, { address: 'ADA@work.example' }],
      phones: [{ number: '(212) 555-0142' }, { number: '212-555-0199', type: 'cell' }],
    };
    const merged = merge(profile, answer);
    expect(merged.profile.emails).toEqual([
      { address: 'Ada@work.example', revealed: true, type: 'work' },
      { address: 'ada@home.example', revealed: true, type: 'personal', found: true },
    ]);
    expect(merged.profile.phones).toEqual([
      { number: '+12125550142', type: 'other', revealed: true },
      { number: '+12125550199', type: 'mobile', revealed: true, found: true },
    ]);
    expect(merged).toMatchObject({ revealed: 4, hasContact: true, unusable: 0 });
  });

  it('is taken of the kinds that were asked for alone', () => {
    const answer: ContactAnswer = {
      kind: 'FOUND',
      emails: [{ address: 'a@x.example' }],
      phones: [{ number: '+12125550142' }],
    };
    const merged = merge(profileOf({}), answer, ['PHONE']);
    expect(merged.profile).toMatchObject({ emails: [], phones: [{ number: '+12125550142' }] });
    expect(merged.revealed).toBe(1);
  });

  it('is left out where it is no contact data, and a placeholder is none', () => {
    const answer = {
      kind: 'FOUND',
      emails: [
        { address: 'not an address' },
        null,
        7,
        { address: 'no-email-7@dummy.example' },
        { address: 'a@x.example', type: 'odd' },
      ],
      phones: [{ number: '12' }, {}, 'text'],
    } as unknown as Extract<ContactAnswer, { kind: 'FOUND' }>;
    const merged = merge(profileOf({}), answer);
    expect(merged.profile.emails).toEqual([{ address: 'a@x.example', revealed: true, found: true }]);
    expect(merged).toMatchObject({ unusable: 6, revealed: 1 });
    expect(merged.profile.phones).toEqual([]);
  });

  it('does not reveal what the source did not name, and neither does "none"', () => {
    const profile = profileOf({ emails: [{ address: 'hidden@x.example' }] });
    expect(merge(profile, { kind: 'NONE' })).toMatchObject({ profile, revealed: 0, hasContact: false });
    const found = merge(profile, { kind: 'FOUND', emails: [{ address: 'other@x.example' }] });
    expect(found.profile.emails[0]).toEqual({ address: 'hidden@x.example', revealed: false });
  });

  it('reveals what is stored where the source says so, but no placeholder', () => {
    const profile = profileOf({ emails: [{ address: 'a@x.example' }, { address: 'no-email-7@dummy.example' }] });
    const merged = merge(profile, { kind: 'STORED' });
    expect(merged.profile.emails.map(({ revealed }) => revealed)).toEqual([true, false]);
    expect(merged).toMatchObject({ revealed: 1, hasContact: true });
    const alone = profileOf({ emails: [{ address: 'no-email-7@dummy.example' }] });
    expect(merge(alone, { kind: 'STORED' })).toMatchObject({ revealed: 0, hasContact: false });
  });

  it('PROPERTY: changes nothing when the same answer comes again, and never removes or hides anything', () => {
    const address = fc
      .tuple(fc.constantFrom('a', 'B', 'c'), fc.constantFrom('x.example', 'y.example'))
      .map((parts) => parts.join('@'));
    const stored = fc.array(fc.record({ address, revealed: fc.boolean() }), { maxLength: 60 });
    const found = fc.array(fc.record({ address }), { maxLength: 60 });
    fc.assert(
      fc.property(stored, found, (emails, answered) => {
        const profile = profileOf({ emails: emails.slice(0, 50) });
        const answer: ContactAnswer = { kind: 'FOUND', emails: answered };
        const once = merge(profile, answer);
        const again = merge(once.profile, answer);
        expect(again.profile).toEqual(once.profile);
        expect(again.revealed).toBe(0);
        for (const [index, email] of profile.emails.entries()) {
          expect(once.profile.emails[index]?.address).toBe(email.address);
          if (email.revealed) expect(once.profile.emails[index]?.revealed).toBe(true);
        }
      }),
    );
  });
});
