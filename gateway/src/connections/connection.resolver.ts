import type { Connection, Hub, OrganizationScope, VerificationReport } from '@talentbridge/hub';
import { inject, injectable } from 'tsyringe';
import { Arg, Args, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { GatewayContext } from '../context.js';
import { orUserError } from '../errors/user-error.type.js';
import { HUB } from '../hub-token.js';
import type { ConnectionOf } from '../pagination/connection.type.js';
import { PageArguments } from '../pagination/page-arguments.js';
import { toConnection, toPageRequest } from '../pagination/to-connection.js';
import { IdArgument } from '../validation/id-argument.js';
import { ConnectionType } from './connection.type.js';
import {
  AcknowledgeRequirementsResult,
  type ConnectionUpdated,
  type ConnectionVerified,
  CreateConnectionResult,
  FinishConnectionResult,
  RemoveConnectionResult,
  SubmitCredentialsResult,
  UpdateConnectionResult,
  VerifyConnectionResult,
} from './connection-results.js';
import { ConnectionsPage } from './connections-page.type.js';
import { CreateConnectionInput, toNewConnection } from './create-connection.input.js';
import { showConnection } from './show-connection.js';
import { showVerification } from './show-verification.js';
import { SubmitCredentialsInput, toSubmission } from './submit-credentials.input.js';
import { toUpdate, UpdateConnectionInput } from './update-connection.input.js';
import { toVerification, VerifyConnectionInput } from './verify-connection.input.js';

/** The organization's connections: list, add, verify, edit, remove. */
@injectable()
@Resolver(() => ConnectionType)
export class ConnectionResolver {
  constructor(@inject(HUB) private readonly hub: Hub) {}

  @Authorized('connection:read')
  @Query(() => ConnectionsPage, { description: "The organization's connections, oldest first." })
  async connections(
    @Ctx() { hub }: GatewayContext,
    @Args(() => PageArguments) page: PageArguments,
  ): Promise<ConnectionOf<ConnectionType>> {
    const listed = await this.hub.connections.list(hub, toPageRequest(page));
    const { availabilityOf } = await this.hub.entitlements.overview(hub);
    return toConnection(listed, page, (one) =>
      showConnection(one, { deployment: this.hub.deployment, availabilityOf }),
    );
  }

  @Authorized('connection:read')
  @Query(() => ConnectionType, {
    nullable: true,
    description:
      'One connection, also a removed one, to which history refers. Absent when the organization has none of this id.',
  })
  async connection(
    @Ctx() { hub }: GatewayContext,
    @IdArgument('id', 'The connection.') id: string,
  ): Promise<ConnectionType | undefined> {
    const found = await this.hub.connections.getForHistory(hub, id);
    return found && this.show(hub, found);
  }

  @Authorized('connection:manage')
  @Mutation(() => CreateConnectionResult, { description: 'Begins a connection with the capabilities chosen for it.' })
  createConnection(
    @Ctx() { hub }: GatewayContext,
    @Arg('input', () => CreateConnectionInput, { description: 'What it begins with.' }) input: CreateConnectionInput,
  ): Promise<typeof CreateConnectionResult> {
    return orUserError(this.hub.connections.create(hub, toNewConnection(input)).then((made) => this.show(hub, made)));
  }

  @Authorized('connection:manage')
  @Mutation(() => AcknowledgeRequirementsResult, {
    description: '"I\'m ready": the ATS is set up as the requirements ask. Saying it twice is saying it once.',
  })
  acknowledgeRequirements(
    @Ctx() { hub }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
  ): Promise<typeof AcknowledgeRequirementsResult> {
    return orUserError(
      this.hub.connections.acknowledgeRequirements(hub, connectionId).then((ready) => this.show(hub, ready)),
    );
  }

  @Authorized('connection:manage')
  @Mutation(() => SubmitCredentialsResult, {
    description: 'Saves credentials and settings and verifies at once. When a field is wrong, nothing is saved.',
  })
  submitCredentials(
    @Ctx() { hub }: GatewayContext,
    @Arg('input', () => SubmitCredentialsInput, { description: 'What was entered.' }) input: SubmitCredentialsInput,
  ): Promise<typeof SubmitCredentialsResult> {
    return orUserError(
      this.hub.connections.submitCredentials(hub, toSubmission(input)).then((done) => this.showVerified(hub, done)),
    );
  }

  @Authorized('connection:manage')
  @Mutation(() => VerifyConnectionResult, {
    description: 'Verifies a connection as it stands: credentials, permissions, source, tags, and a test candidate.',
  })
  verifyConnection(
    @Ctx() { hub }: GatewayContext,
    @Arg('input', () => VerifyConnectionInput, { description: 'Which connection, and where the test candidate goes.' })
    input: VerifyConnectionInput,
  ): Promise<typeof VerifyConnectionResult> {
    return orUserError(
      this.hub.connections.verify(hub, toVerification(input)).then((done) => this.showVerified(hub, done)),
    );
  }

  @Authorized('connection:manage')
  @Mutation(() => FinishConnectionResult, {
    description: 'Turns a connection that was verified to "All Good" to CONNECTED.',
  })
  finishConnection(
    @Ctx() { hub }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
  ): Promise<typeof FinishConnectionResult> {
    return orUserError(this.hub.connections.finish(hub, connectionId).then((finished) => this.show(hub, finished)));
  }

  @Authorized('connection:manage')
  @Mutation(() => UpdateConnectionResult, {
    description:
      'Changes name, capabilities, credentials or settings; verifies again where anything but the name changed.',
  })
  updateConnection(
    @Ctx() { hub }: GatewayContext,
    @Arg('input', () => UpdateConnectionInput, { description: 'What changes.' }) input: UpdateConnectionInput,
  ): Promise<typeof UpdateConnectionResult> {
    return orUserError(this.hub.connections.update(hub, toUpdate(input)).then((done) => this.showUpdated(hub, done)));
  }

  @Authorized('connection:manage')
  @Mutation(() => RemoveConnectionResult, {
    description:
      'Removes a connection: its work stops at once, then its set-up in the ATS is undone and its credentials are destroyed. The export history stays. `connection` shows when it is done, and what was left behind.',
  })
  removeConnection(
    @Ctx() { hub }: GatewayContext,
    @IdArgument('connectionId', 'The connection.') connectionId: string,
  ): Promise<typeof RemoveConnectionResult> {
    return orUserError(this.hub.connections.remove(hub, connectionId).then((going) => this.show(hub, going)));
  }

  private async show(scope: OrganizationScope, connection: Connection): Promise<ConnectionType> {
    const { availabilityOf } = await this.hub.entitlements.overview(scope);
    return showConnection(connection, { deployment: this.hub.deployment, availabilityOf });
  }

  private async showVerified(
    scope: OrganizationScope,
    { connection, report }: { readonly connection: Connection; readonly report: VerificationReport },
  ): Promise<ConnectionVerified> {
    return { connection: await this.show(scope, connection), report: showVerification(report) };
  }

  private async showUpdated(
    scope: OrganizationScope,
    { connection, report }: { readonly connection: Connection; readonly report?: VerificationReport },
  ): Promise<ConnectionUpdated> {
    return { connection: await this.show(scope, connection), report: report && showVerification(report) };
  }
}
