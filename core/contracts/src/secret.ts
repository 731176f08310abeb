declare const secretBrand: unique symbol;

/**
 * A credential as a plugin sees it: an opaque placeholder such as `[secret apiKey 3f9c...]`, never the value.
 *
 * It is an ordinary string, so it can be cloned, printed, logged and put into a header by concatenation; wherever it
 * ends up, only the placeholder shows. The HTTP client of the connection replaces it by the real value at the moment
 * a request goes onto the wire: in header values, query and form values, JSON string values and Basic authentication.
 * It is replaced nowhere else, and no other connection's client knows it.
 */
export type Secret = string & { readonly [secretBrand]: true };
