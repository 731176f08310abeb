export type * from './candidate.js';
export type * from './data-copy.js';
export type * from './history.js';
export type * from './job.js';
export type * from './mirror.js';
export type * from './page.js';
