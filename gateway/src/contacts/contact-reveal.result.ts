import { Field, ObjectType } from 'type-graphql';
import { resultUnion } from '../errors/user-error.type.js';
import { ContactReveal } from './contact-reveal.type.js';

/** The order was taken. */
@ObjectType({
  description: 'The order was taken, and runs by itself. Follow it with `contactRevealProgress` or `contactReveal`.',
})
class ContactRevealOrdered {
  @Field(() => ContactReveal, { description: 'The order.' })
  contactReveal!: ContactReveal;
}

/** The order was cancelled. */
@ObjectType({
  description: 'The order was cancelled: nobody else is asked about. It stops once what is under way is answered.',
})
class ContactRevealCancelled {
  @Field(() => ContactReveal, { description: 'The order.' })
  contactReveal!: ContactReveal;
}

/** What `revealContacts` answers. */
export const RevealContactsResult = resultUnion(
  'RevealContactsResult',
  () => ContactRevealOrdered,
  'ContactRevealOrdered',
  'What became of `revealContacts`.',
);

/** What `cancelContactReveal` answers. */
export const CancelContactRevealResult = resultUnion(
  'CancelContactRevealResult',
  () => ContactRevealCancelled,
  'ContactRevealCancelled',
  'What became of `cancelContactReveal`.',
);
