import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Config } from '../config/config.ts';
import { attachedWithin, changesBefore } from '../deployments/deployment.ts';
import type { IncidentPorts } from '../incidents/apply.ts';
import type { Timer } from '../incidents/incident.ts';
import { writeEmf } from '../metrics/emf.ts';
import { measuredBy } from '../responses/measure.ts';
import { gatherSurroundings } from '../suppression/gather.ts';
import { suppressionOf } from '../suppression/suppression-of.ts';
import { backoff } from './backoff.ts';
import { deploymentTable } from './deployment-table.ts';
import { documentClient } from './dynamodb.ts';
import type { Aws } from './environment.ts';
import { readEvidence } from './evidence.ts';
import { type HistoryTable, historyTable } from './history-table.ts';
import type { IncidentVariables } from './incident-environment.ts';
import { incidentTable } from './incident-table.ts';
import { overrideTable } from './override-table.ts';
import { silenceTable } from './silence-table.ts';
import { eventPublisher } from './sns.ts';
import { maxDelaySeconds, sendMessage } from './sqs.ts';
import { surroundingsPorts } from './surroundings-ports.ts';
import { windowTable } from './window-table.ts';

/**
 * The real world of `applyEvent`, the history table beside it, and the client of both tables.
 * @param warn told of what could not be read: an incident without evidence, or one that is silenced, is better than none
 */
export function connectIncidents(
  aws: Aws,
  variables: IncidentVariables,
  config: Config,
  warn: (message: string, error: unknown) => void,
): { ports: IncidentPorts; history: HistoryTable; client: DynamoDBDocumentClient } {
  const client = documentClient(aws);
  const history = historyTable(client, variables.HISTORY_TABLE);
  const now = () => Date.now();
  const incidents = incidentTable(client, variables.INCIDENTS_TABLE, backoff);
  const surroundings = surroundingsPorts(
    config,
    {
      incidents,
      history,
      silences: silenceTable(client, variables.INCIDENTS_TABLE, backoff),
      windows: windowTable(client, variables.HISTORY_TABLE),
    },
    now,
  );
  const deployments = deploymentTable(client, variables.INCIDENTS_TABLE);
  const overrides = overrideTable(client, variables.INCIDENTS_TABLE);
  /** What an incident can do without: better told without it than not told. */
  const spare = async <Result>(
    lack: string,
    instead: Result,
    read: () => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await read();
    } catch (error) {
      warn(lack, error);
      return instead;
    }
  };
  const ports: IncidentPorts = {
    table: incidents,
    config,
    now,
    publish: eventPublisher(aws, variables.EVENTS_TOPIC_ARN),
    schedule: (timer) =>
      sendMessage(aws, variables.TIMERS_QUEUE_URL, JSON.stringify(timer), delaySeconds(timer, now())),
    evidenceOf: async (monitor, outcome) => {
      const evidence = await spare(`no evidence of ${monitor}`, [], () =>
        readEvidence(history, config, monitor),
      );
      return evidence.find(({ observation }) => observation.outcome === outcome);
    },
    links: (incident) => ({
      ...(variables.CONSOLE_URL && {
        incident: `${variables.CONSOLE_URL.replace(/\/$/, '')}/incidents/${incident}`,
      }),
      ...(variables.DASHBOARD_URL && { dashboard: variables.DASHBOARD_URL }),
    }),
    async suppressions(incident, arriving) {
      const seen = await spare('not known what is silenced: told nevertheless', undefined, () =>
        gatherSurroundings(surroundings, incident, ...arriving),
      );
      return (one, at) =>
        seen && suppressionOf({ ...one, openedAt: one.reopenedAt ?? one.openedAt }, seen, at);
    },
    async deploymentsBefore(at, labels) {
      const known = await spare('not known what was deployed', [], () =>
        deployments.readDeployments(at - attachedWithin, at + 1),
      );
      return changesBefore(known, at, labels);
    },
    putDeployment: deployments.putDeployment,
    observe(before, after) {
      const document = measuredBy(config.name, before, after, now());
      if (document) writeEmf(document);
    },
    readOverrides: () => spare('not known who stands in on call', [], overrides.readOverrides),
    backoff,
  };
  return { ports, history, client };
}

/** SQS delays a message by 15 minutes at most: a timer that arrives early is scheduled again. */
export function delaySeconds({ dueAt }: Timer, now: number): number {
  return Math.min(maxDelaySeconds, Math.max(0, Math.ceil((dueAt - now) / 1_000)));
}
