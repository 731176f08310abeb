import { expect, it } from 'vitest';
import { refusalOf } from '../../../dist/capabilities/system-connect/item-rules.js';

const SEAT = {
  seatId: 'seat-1',
  contractId: 'contract-1',
  active: true,
  confirmed: true,
  isOld: false,
  isDoubtful: false,
};
const ITEM = { contractId: 'contract-1', ownerSeatId: 'seat-1', isPublic: true, askWhom: 'Rita Moss' };

it.each([{ active: false }, { isDoubtful: true }])(
  'RSC-6: whoever cannot read what they wrote, because of their own seat, is not told to ask themselves (%o)',
  (lost) => {
    const own = refusalOf(ITEM, { ...SEAT, ...lost });
    expect(own).toMatchObject({ code: 'SEAT_NEEDED', askWhom: null });
    expect(own?.message).not.toContain('Ask');
    expect(refusalOf(ITEM, { ...SEAT, ...lost, seatId: 'seat-2' })).toMatchObject({ askWhom: 'Rita Moss' });
  },
);
