import { Field, InputType } from 'type-graphql';
import { z } from 'zod';

/** More than any form of a plugin has. */
const MOST_VALUES = 100;
/** More than the hub takes, whose message names the field. */
const LONGEST_VALUE = 20_000;

/** One field of a form, as entered. */
@InputType({ description: 'One field of a form, as entered.' })
export class FieldValueInput {
  @Field(() => String, { description: 'The name of the field, as the form gives it.' })
  name!: string;

  @Field(() => String, {
    description:
      'What was entered, as text: a switch as `true` or `false`, several URLs with commas between them, empty for nothing. Write-only where the field belongs to the credentials: no answer, no log and no message ever holds it.',
  })
  value!: string;
}

/** Fields of one form, for the `parsedBy` schema of an input. Its messages never repeat a value. */
export const fieldValuesSchema = z
  .array(
    z.object({
      name: z.string().max(200, 'There is no field of this name.'),
      value: z.string().max(LONGEST_VALUE, 'This value is too long.'),
    }),
  )
  .max(MOST_VALUES, `At most ${MOST_VALUES} fields.`)
  .refine((values) => new Set(values.map(({ name }) => name)).size === values.length, 'Give every field once.');

/** Entered fields by name, as the hub takes them. */
export function toEnteredFields(values: readonly FieldValueInput[]): Readonly<Record<string, string>> {
  return Object.fromEntries(values.map(({ name, value }) => [name, value]));
}
