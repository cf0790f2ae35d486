import { Duration, Validations } from 'aws-cdk-lib';
import { type CfnStage, HttpMethod, HttpRoute, HttpRouteKey } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { environment as judge } from '../functions/judge-heartbeats/env.ts';
import type { environment as receive } from '../functions/receive-heartbeat/env.ts';
import type { Config } from '../shared/config/config.ts';
import { secretPrefix } from '../shared/config/secret.ts';
import { pingKey } from '../shared/heartbeats/token.ts';
import type { HttpEndpoint } from './http-endpoint.ts';
import { type OwnVariables, TocsinFunction } from './lambda-function.ts';
import { type Schedules, scheduledTime } from './schedules.ts';
import { grantSecrets } from './secrets.ts';
import { grantItems } from './table.ts';

export interface HeartbeatsProps {
  config: Config;
  build: string;
  endpoint: HttpEndpoint;
  history: Table;
  schedules: Schedules;
}

/** For jobs that tell us they ran: a public address that records their pings, and once a minute a verdict on each. */
export class Heartbeats extends Construct {
  readonly functions: TocsinFunction[];

  constructor(scope: Construct, id: string, props: HeartbeatsProps) {
    super(scope, id);
    const { config, build, history, endpoint, schedules } = props;
    const prefix = secretPrefix(config);
    const receiver = new TocsinFunction<OwnVariables<typeof receive>>(this, 'Receive', {
      name: 'receive-heartbeat',
      build,
      description: 'Records the pings of heartbeats',
      timeout: Duration.seconds(10),
      environment: { HISTORY_TABLE: history.tableName, PING_KEY_PARAMETER: prefix + pingKey },
    });
    grantItems(history, receiver, ['GetItem', 'PutItem']);
    grantSecrets(receiver, prefix, [pingKey]);
    this.route(endpoint, receiver);
    const judging = new TocsinFunction<OwnVariables<typeof judge>>(this, 'Judge', {
      name: 'judge-heartbeats',
      build,
      description: 'Judges heartbeats once a minute: metrics, history, evidence',
      timeout: Duration.seconds(30),
      scheduled: true,
      environment: { HISTORY_TABLE: history.tableName },
    });
    grantItems(history, judging, ['GetItem', 'Query', 'PutItem']);
    schedules.add({
      name: 'judge-heartbeats',
      every: 60_000,
      target: judging.functionArn,
      input: { time: scheduledTime },
    });
    this.functions = [receiver, judging];
  }

  private route({ api, stage }: HttpEndpoint, receiver: TocsinFunction): void {
    const routeKey = HttpRouteKey.with('/ping/{proxy+}', HttpMethod.ANY);
    const integration = new HttpLambdaIntegration('Integration', receiver);
    const route = new HttpRoute(this, 'Route', { httpApi: api, routeKey, integration });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: 'whoever has the token in the path may ping; nothing is told to anybody',
    });
    // Somebody who tries tokens is not to slow the console down.
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.routeSettings = { [routeKey.key]: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 200 } };
    cfnStage.node.addDependency(route);
  }
}
