/** Most characters of a sheet's name. */
const LONGEST = 31;

/**
 * Names for sheets, one for each label: without what Excel refuses (`[ ] : * ? / \`, an apostrophe at either end, `History`), not
 * longer than 31 UTF-16 units, and different whatever the case.
 */
export function sheetNames(labels: readonly string[]): readonly string[] {
  const taken = new Set(['history']);
  return labels.map((label) => {
    const plain = label
      .toWellFormed()
      .replace(/[[\]:*?/\\'\p{Cc}]/gu, ' ')
      .replace(/\s+/gu, ' ')
      .trim();
    for (let number = 1; ; number++) {
      const ending = number === 1 ? '' : ` (${number})`;
      const name = `${clipped(plain === '' ? 'Sheet' : plain, LONGEST - ending.length)}${ending}`;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  });
}

/** The beginning of a text, without half a character at its end. */
function clipped(text: string, length: number): string {
  let end = '';
  for (const character of text) {
    if (end.length + character.length > length) break;
    end += character;
  }
  return end.trim();
}
