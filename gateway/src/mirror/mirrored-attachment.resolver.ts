import type { AttachmentContent, Hub, AttachmentState as HubAttachmentState, TextState } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { linkPathOf } from '../files/attachment-route.js';
import { batched } from '../graphql/batched.js';
import { HUB } from '../hub-token.js';
import { IdArgument } from '../validation/id-argument.js';
import { AttachmentLink, AttachmentState, AttachmentText, AttachmentTextState } from './attachment-content.type.js';
import { MirroredAttachment } from './mirrored-candidate.type.js';
import { showMirroredAttachment } from './show-mirror.js';

/** The content of files of mirrors. */
@injectable()
@Resolver(() => MirroredAttachment)
export class MirroredAttachmentResolver {
  private readonly contentOf = batched((scope, ids: readonly string[]) => this.hub.attachments.contentsOf(scope, ids));

  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('candidate:read')
  @Query(() => MirroredAttachment, {
    nullable: true,
    description: 'One file of a mirror; null when there is none of this id, or none any more.',
  })
  async mirroredAttachment(
    @Ctx() { hub: scope }: GatewayContext,
    @IdArgument('id', 'The id of the file in the mirror.') id: string,
  ): Promise<MirroredAttachment | undefined> {
    const record = await this.hub.attachments.find(scope, id);
    return record && showMirroredAttachment(record);
  }

  @FieldResolver(() => AttachmentState, { description: 'Where its content stands.' })
  async state(@Ctx() context: GatewayContext, @Root() file: MirroredAttachment): Promise<HubAttachmentState> {
    return (await this.content(context, file))?.state ?? 'NOT_FETCHED';
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why its content cannot be had, as a sentence.' })
  async reason(@Ctx() context: GatewayContext, @Root() file: MirroredAttachment): Promise<string | null | undefined> {
    return (await this.content(context, file))?.reason;
  }

  @FieldResolver(() => AttachmentTextState, { description: 'What became of reading its text.' })
  async textState(@Ctx() context: GatewayContext, @Root() file: MirroredAttachment): Promise<TextState> {
    return (await this.content(context, file))?.textState ?? 'NONE';
  }

  @Authorized('candidate:read')
  @FieldResolver(() => AttachmentLink, {
    description:
      'A way to download it, for the user who asks. Where nobody has asked before, it is fetched from the ATS first: after ten seconds the answer is `FETCHING`, and the fetch goes on.',
  })
  async link(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: MirroredAttachment): Promise<AttachmentLink> {
    const { state, reason, retryAt, link } = await this.hub.attachments.link(scope, id);
    return { state, reason, retryAt, url: link ? linkPathOf(link.token) : null, expiresAt: link?.expiresAt ?? null };
  }

  @Authorized('candidate:read')
  @FieldResolver(() => AttachmentText, {
    description:
      'Its text. Where nobody has asked before, it is fetched from the ATS and read first, as `link` does it.',
  })
  text(@Ctx() { hub: scope }: GatewayContext, @Root() { id }: MirroredAttachment): Promise<AttachmentText> {
    return this.hub.attachments.text(scope, id);
  }

  private content({ hub: scope }: GatewayContext, { id }: MirroredAttachment): Promise<AttachmentContent | undefined> {
    return this.contentOf(scope, id);
  }
}
