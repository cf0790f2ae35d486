import { Duration, Validations } from 'aws-cdk-lib';
import { HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { environment } from '../functions/api/env.ts';
import type { Config } from '../shared/config/config.ts';
import { adminToken, secretPrefix } from '../shared/config/secret.ts';
import { heartbeatsOf } from '../shared/heartbeats/shards.ts';
import { pingKey } from '../shared/heartbeats/token.ts';
import { shardsOf } from '../shared/monitors/shards.ts';
import { mailKey, sendsLinks } from '../shared/notifications/email/link.ts';
import { buttonedChannels } from '../shared/notifications/slackbot/buttoned-channels.ts';
import { grantDescribeAlarms, grantPauseAlarms } from './alarms/describing.ts';
import type { HttpEndpoint } from './http-endpoint.ts';
import type { Incidents } from './incidents.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import type { Links } from './links.ts';
import { functionPrefix, grantRunProbes } from './probes.ts';
import { grantPauseNotice, grantSecrets } from './secrets.ts';
import { grantItems } from './table.ts';

export interface ApiProps {
  config: Config;
  build: string;
  endpoint: HttpEndpoint;
  history: Table;
  incidents: Incidents;
  links: Links;
}

/** Console and API: one function behind the HTTP API. */
export class Api extends Construct {
  readonly server: TocsinFunction;
  /** SecureString with the bearer token; set by hand, never in the template. */
  readonly adminTokenParameter: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { config, endpoint, history, incidents } = props;
    const prefix = secretPrefix(config);
    this.adminTokenParameter = prefix + adminToken;
    this.server = new TocsinFunction<OwnVariables<typeof environment>>(this, 'Server', {
      name: 'api',
      build: props.build,
      description: 'Console and API',
      timeout: Duration.seconds(15),
      environment: {
        ...incidents.variables(),
        HISTORY_TABLE: history.tableName,
        ADMIN_TOKEN_PARAMETER: this.adminTokenParameter,
        FUNCTION_PREFIX: functionPrefix(config),
        ...props.links,
      },
    });
    incidents.grantChange(this.server);
    grantItems(history, this.server, ['GetItem', 'Query', 'PutItem', 'DeleteItem']);
    grantSecrets(this.server, prefix, [
      adminToken,
      ...(heartbeatsOf(config).length > 0 ? [pingKey] : []),
      ...(sendsLinks(config) ? [mailKey] : []),
      ...buttonedChannels(config).map(({ signingSecret }) => signingSecret.secret),
    ]);
    grantDescribeAlarms(this.server);
    grantPauseAlarms(this.server, config);
    grantPauseNotice(this.server, prefix);
    grantRunProbes(this.server, config, shardsOf(config));
    this.route(endpoint);
  }

  private route({ api }: HttpEndpoint): void {
    // Not `/{proxy+}`, which leaves out `/` itself.
    const route = new HttpRoute(this, 'Route', {
      httpApi: api,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Integration', this.server),
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'the function asks for the token kept in SSM, or a cookie signed with it, before it answers anything',
    });
  }
}
