/** What a test looks into, such as an answer: a wrong look fails the test. */
// biome-ignore lint/suspicious/noExplicitAny: its shape is what the test is about.
export type LookedInto = any;
