import type { z } from 'zod';

/** How a field is entered, and what reaches the plugin. */
export type FieldKind =
  | 'text' // one line
  | 'secret' // one line, never shown again; the plugin gets a `Secret`
  | 'url' // one absolute URL
  | 'urlList' // one or several URLs, separated by commas; the plugin gets an array
  | 'choice' // one of `choices`
  | 'switch'; // on or off; the plugin gets a boolean

/** One option of a `choice` field. */
export interface FieldChoice {
  readonly value: string;
  readonly label: string;
}

/** One input of a form that an admin fills in. */
export interface FieldDefinition {
  readonly kind: FieldKind;
  readonly label: string;
  /** One or two sentences: where an admin finds the value, what happens when it is left empty. */
  readonly help?: string;
  readonly placeholder?: string;
  /** Default `true`, except for switches. */
  readonly required?: boolean;
  /**
   * Taken when nothing is entered. `{ from: 'brand' }` is the name under which the deployment presents itself
   * (configuration BRAND_NAME). Not for secrets.
   */
  readonly default?: string | boolean | { readonly from: 'brand' };
  readonly choices?: readonly FieldChoice[];
  /**
   * Turns a short form into the whole value before it is checked: a portal's number into its URL. Once for each entry of a
   * `urlList`. What it does not know it returns as it is. Not for secrets, choices and switches.
   */
  readonly complete?: (entry: string, form: FormValues) => string;
  /** Checks one value after trimming. Its message is shown beside the field and never repeats the value. */
  readonly check?: z.ZodType<string>;
}

/** What else an admin has entered. */
export interface FormValues {
  /** The other fields of the same form that are text, trimmed, not yet checked. */
  readonly entered: Readonly<Record<string, string>>;
  /** The settings of the connection, read. Empty while the settings themselves are read. */
  readonly settings: Readonly<Record<string, FieldValue>>;
}

/** A form: fields in the order they are shown, and a rule across fields. */
export interface FieldSet<
  Fields extends Readonly<Record<string, FieldDefinition>> = Readonly<Record<string, FieldDefinition>>,
> {
  readonly fields: Fields;
  /**
   * Checks what no field can check alone, settings of the connection included. Answers the problems, each naming its field. Secrets arrive as the admin
   * entered them, because this runs before they are sealed: look, and keep nothing.
   */
  readonly rule?: (
    values: Readonly<Record<string, unknown>>,
    settings: Readonly<Record<string, FieldValue>>,
  ) => readonly FieldProblem[];
}

/** Why a value was refused. */
export interface FieldProblem {
  readonly field: string;
  /** For people, without the value: values may be secrets. */
  readonly message: string;
}

/** The values of a form, or what is wrong with them: every problem, not the first one alone. */
export type FieldsOutcome =
  | { readonly ok: true; readonly values: Readonly<Record<string, FieldValue>> }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** What a field holds once it is read. */
export type FieldValue = string | boolean | readonly string[];

/** Declares the secrets and identities that an admin enters for a connection. Order is the order of the form. */
export function credentialFields<const Fields extends Readonly<Record<string, FieldDefinition>>>(
  fields: Fields,
  rule?: FieldSet['rule'],
): FieldSet<Fields> {
  return rule ? { fields, rule } : { fields };
}

/** Declares the choices of a connection that are no secrets: a region, a field to write to, a résumé or none. */
export function settingFields<const Fields extends Readonly<Record<string, FieldDefinition>>>(
  fields: Fields,
  rule?: FieldSet['rule'],
): FieldSet<Fields> {
  return rule ? { fields, rule } : { fields };
}

const MAX_VALUE_LENGTH = 4096;

/** What a form is read with. */
export interface ReadContext {
  /** The name under which the deployment presents itself. */
  readonly brand: string;
  /** The settings of the connection, where they are read already: credentials can depend on them. */
  readonly settings?: Readonly<Record<string, FieldValue>>;
}

/**
 * Reads what an admin entered against the declaration: trims, fills defaults, checks each value and then the rule
 * across fields. Unknown names are problems too, so that a typing mistake is not lost silently.
 */
export function readFields(
  set: FieldSet,
  entered: Readonly<Record<string, unknown>>,
  context: ReadContext,
): FieldsOutcome {
  const settings = context.settings ?? {};
  const form: FormValues = { entered: enteredTexts(set, entered), settings };
  const problems: FieldProblem[] = [];
  const values: Record<string, FieldValue> = {};
  for (const name of Object.keys(entered)) {
    if (!Object.hasOwn(set.fields, name)) problems.push({ field: name, message: 'There is no field of this name.' });
  }
  for (const [name, definition] of Object.entries(set.fields)) {
    const read = readField(definition, Object.hasOwn(entered, name) ? entered[name] : undefined, context, form);
    if ('message' in read) problems.push({ field: name, message: read.message });
    else if (read.value !== undefined) values[name] = read.value;
  }
  if (problems.length === 0 && set.rule) problems.push(...set.rule(values, settings));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

function readField(
  definition: FieldDefinition,
  entered: unknown,
  deployment: ReadContext,
  form: FormValues,
): { readonly value: FieldValue | undefined } | { readonly message: string } {
  const value =
    entered === undefined || entered === null || entered === '' ? defaultOf(definition, deployment) : entered;
  if (definition.kind === 'switch') {
    if (value === undefined) return { value: false };
    if (value === true || value === 'true') return { value: true };
    if (value === false || value === 'false') return { value: false };
    return { message: `${definition.label} is either on or off.` };
  }
  if (value !== undefined && typeof value !== 'string') return { message: `${definition.label} must be text.` };
  const given = value?.trim() ?? '';
  // A list is completed entry by entry.
  const text = given === '' || definition.kind === 'urlList' ? given : completed(definition, given, form);
  if (text === '')
    return definition.required === false ? { value: undefined } : { message: `Enter ${definition.label}.` };
  if (text.length > MAX_VALUE_LENGTH)
    return { message: `${definition.label} is longer than ${MAX_VALUE_LENGTH} characters.` };
  if (hasControlCharacter(text))
    return { message: `${definition.label} contains a line break or another control character.` };
  if (definition.kind === 'choice' && !definition.choices?.some((choice) => choice.value === text)) {
    const labels = definition.choices?.map((choice) => choice.label).join(', ') ?? '';
    return { message: `Choose one of: ${labels}.` };
  }
  if (definition.kind === 'urlList') return readUrlList(definition, text, form);
  if (definition.kind === 'url' && !URL.canParse(text)) return { message: `${definition.label} must be a full URL.` };
  const message = checkMessage(definition, text);
  return message === undefined ? { value: text } : { message };
}

function completed(definition: FieldDefinition, entry: string, form: FormValues): string {
  return definition.complete?.(entry, form) ?? entry;
}

/** The values that another field may be completed with: no secrets. */
function enteredTexts(set: FieldSet, entered: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, definition] of Object.entries(set.fields)) {
    const value = Object.hasOwn(entered, name) ? entered[name] : undefined;
    if (definition.kind !== 'secret' && typeof value === 'string') texts[name] = value.trim();
  }
  return texts;
}

function readUrlList(
  definition: FieldDefinition,
  text: string,
  form: FormValues,
): { value: FieldValue } | { message: string } {
  const urls = [
    ...new Set(
      text
        .split(',')
        .map((url) => url.trim())
        .filter((url) => url !== '')
        .map((url) => completed(definition, url, form)),
    ),
  ];
  if (urls.length === 0) return { message: `Enter ${definition.label}.` };
  for (const [index, url] of urls.entries()) {
    const message = URL.canParse(url) ? checkMessage(definition, url) : 'must be a full URL.';
    if (message !== undefined) return { message: `URL ${index + 1} of ${urls.length}: ${message}` };
  }
  return { value: urls };
}

function checkMessage(definition: FieldDefinition, text: string): string | undefined {
  const checked = definition.check?.safeParse(text);
  return checked && !checked.success ? (checked.error.issues[0]?.message ?? 'This value is not accepted.') : undefined;
}

function defaultOf(definition: FieldDefinition, deployment: { readonly brand: string }): unknown {
  return typeof definition.default === 'object' ? deployment.brand : definition.default;
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
