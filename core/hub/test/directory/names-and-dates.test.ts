import { describe, expect, it } from 'vitest';
import { isBefore, meansPresent, readLooseDate, readPartialDate } from '../../src/directory/partial-date.js';
import { displayName, splitFullName } from '../../src/directory/person-name.js';

describe('DIR-1: a full name is split', () => {
  it.each([
    ['Ada Lovelace', 'Ada', 'Lovelace'],
    ['Ada King Lovelace', 'Ada King', 'Lovelace'],
    ['Lovelace, Ada', 'Ada', 'Lovelace'],
    ['Dr. Ada Lovelace, PhD, PMP', 'Ada', 'Lovelace'],
    ['Robert (Bob) Example Jr.', 'Robert', 'Example Jr.'],
    ['Sam Example, III', 'Sam', 'Example III'],
    ['Ludwig van Beispiel', 'Ludwig', 'van Beispiel'],
    ['María de la Peña', 'María', 'de la Peña'],
    ['Yo-Yo Ma', 'Yo-Yo', 'Ma'],
    ['Suharti', 'Suharti', undefined],
    ['Иван Щербаков', 'Иван', 'Щербаков'],
    ['محمد الأحمد', 'محمد', 'الأحمد'],
    ['王伟', '伟', '王'],
    ['欧阳明月', '明月', '欧阳'],
    ['山田太郎', '太郎', '山田'],
    ['山田 太郎', '太郎', '山田'],
    ['佐藤さくら', 'さくら', '佐藤'],
    ['マイケル・スミス', 'マイケル', 'スミス'],
    ['김민준', '민준', '김'],
    ['남궁민수', '민수', '남궁'],
    ['李', '李', undefined],
  ])('%s', (fullName, firstName, lastName) => {
    expect(splitFullName(fullName)).toEqual({ firstName, ...(lastName ? { lastName } : {}) });
  });

  it('and joined again in the order of its script', () => {
    expect(displayName({ firstName: '明月', lastName: '欧阳' })).toBe('欧阳明月');
    expect(displayName({ firstName: 'Ada', lastName: 'Lovelace' })).toBe('Ada Lovelace');
    expect(displayName({ firstName: 'Ada', fullName: 'Dr. Ada Lovelace' })).toBe('Dr. Ada Lovelace');
  });
});

describe('DIR-1: dates', () => {
  it.each([
    ['2019', '2019'],
    ['2019-3', '2019-03'],
    ['2019-03-05', '2019-03-05'],
    ['2019-03-05T23:59:59.999+09:00', '2019-03-05'],
    ['2019-00-00', '2019'],
    [' 2020-02-29 ', '2020-02-29'],
  ])('%s is %s', (text, date) => {
    expect(readPartialDate(text)).toBe(date);
  });

  it.each(['', '19', '2019-13', '2019-02-29', '1066', '3019', '2019-03-05junk', 'Jan 2019', '2019-00-05'])(
    '%j is none',
    (text) => {
      expect(readPartialDate(text)).toBeUndefined();
    },
  );

  it.each([
    ['Jan 2019', '2019-01'],
    ['Sept. 2019', '2019-09'],
    ['March 3rd, 2019', '2019-03-03'],
    ['3 March 2019', '2019-03-03'],
    ['03/2019', '2019-03'],
    ['2019/03/01', '2019-03-01'],
    ['25/12/2019', '2019-12-25'],
    ['12/25/2019', '2019-12-25'],
    ['03/04/2019', '2019'],
    ['3.4.2019', '2019-04-03'],
    ['2019年3月', '2019-03'],
    ['Summer 2017', '2017'],
    ['Q3 2019', '2019'],
    ['c. 2015', '2015'],
  ])('people write %s for %s', (text, date) => {
    expect(readLooseDate(text)).toBe(date);
  });

  it.each(['some time', '2015 - 2018', 'Foo 2019', '31/02/2019'])('%s stays unread', (text) => {
    expect(readLooseDate(text)).toBeUndefined();
  });

  it('knows the present in several languages', () => {
    expect(['Present', 'NOW', 'heute', '至今', 'to date'].every(meansPresent)).toBe(true);
    expect(meansPresent('2019')).toBe(false);
  });

  it('compares as exactly as both are known', () => {
    expect(isBefore('2019-12', '2020')).toBe(true);
    expect(isBefore('2020', '2020-01')).toBe(false);
  });
});
