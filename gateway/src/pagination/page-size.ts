/** Items of a page when the client does not say. */
export const DEFAULT_PAGE_SIZE = 20;

/** Most items of a page. */
export const MAX_PAGE_SIZE = 100;
