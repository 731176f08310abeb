/** Profiles that differ from each other, each with an email of its own; some have no more than that. */
export function madeUpProfiles(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `made-up-${index}`,
    firstName: `First${index}`,
    lastName: `Last${index}`,
    emails: [{ address: `person-${index}@example.com`, revealed: true }],
    ...(index % 3 === 0
      ? {
          workExperience: [{ employer: 'Northwind', title: 'Engineer', startDate: '2019-04', current: true }],
          education: [{ school: 'Example University', degree: 'Bachelor', graduationDate: '2018' }],
        }
      : {}),
  }));
}
