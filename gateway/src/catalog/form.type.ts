import type { FieldKind as FormFieldKind } from '@talentbridge/contracts';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { describedEnum } from '../graphql/described-enum.js';

/** How a field is entered. */
const FieldKind = describedEnum<FormFieldKind>('FieldKind', 'How a field is entered.', {
  text: 'One line.',
  secret: 'One line that is never shown again.',
  url: 'One full URL.',
  urlList: 'One or several full URLs, with commas between them.',
  choice: 'One of `choices`.',
  switch: 'On or off, entered as `true` or `false`.',
});

/** One option of a field. */
@ObjectType('FieldChoice', { description: 'One option of a field of the kind CHOICE.' })
export class FieldChoiceType {
  @Field(() => String, { description: 'What is submitted.' })
  value!: string;

  @Field(() => String, { description: 'What people read.' })
  label!: string;
}

/** One input of a form. */
@ObjectType({ description: 'One input of a form that an admin fills in.' })
export class FormField {
  @Field(() => String, { description: 'The name under which its value is submitted.' })
  name!: string;

  @Field(() => String, { description: 'What people read beside it.' })
  label!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Where an admin finds the value, and what happens when it is left empty.',
  })
  help?: string | undefined;

  @Field(() => String, { nullable: true, description: 'An example, shown while nothing is entered.' })
  placeholder?: string | undefined;

  @Field(() => FieldKind, { description: 'How it is entered.' })
  kind!: FormFieldKind;

  @Field(() => Boolean, { description: 'Whether something has to be entered: there is no default to take its place.' })
  required!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What is taken when nothing is entered, as it would be entered.',
  })
  defaultValue?: string | undefined;

  @Field(() => [FieldChoiceType], { description: 'The options of a field of the kind CHOICE; empty for any other.' })
  choices!: readonly FieldChoiceType[];

  @Field(() => Boolean, { description: 'Whether its value is write-only: it is never answered by anything.' })
  secret!: boolean;
}

/** A form. */
@ObjectType({ description: 'A form that an admin fills in.' })
export class Form {
  @Field(() => [FormField], { description: 'Its inputs, in the order in which they are shown.' })
  fields!: readonly FormField[];

  @Field(() => GraphQLJSONObject, {
    description:
      'The same form as JSON Schema (2020-12), for renderers of forms that know nothing of this API. Submit every value as text all the same: a switch as `true` or `false`.',
  })
  jsonSchema!: Readonly<Record<string, unknown>>;
}
