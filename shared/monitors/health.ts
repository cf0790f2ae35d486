import type { Look, Properties } from '../conditions/properties.ts';
import type { Monitor } from '../config/config.ts';
import { type HealthReport, readHealth, sentenceOf } from './health/report.ts';
import { type HealthSettings, healthSettings } from './health/settings.ts';
import { healthWords } from './health/words.ts';
import { http, httpProperties } from './http.ts';
import { fitsSchema, schemaIn } from './json-schema.ts';
import type { Measurement, MonitorKind, ProbeContext } from './kind.ts';
import type { Attempt } from './observation.ts';

/** Components that are kept of one answer: they are stored with every slot. */
const maxComponents = 30;

const words = Object.values(healthWords);

export const healthProperties = {
  ...httpProperties,
  healthStatus: { type: 'word', words, description: 'What the target and its components say together' },
  component: {
    type: 'word',
    argument: 'component name',
    words,
    description: 'What a component says of itself',
  },
  componentLatency: {
    type: 'duration',
    argument: 'component name',
    description: 'Latency that the target gives for a component',
  },
} as const satisfies Properties;

/** Health endpoints: what an HTTP answer says about a system and its parts. */
export const health: MonitorKind<HealthSettings> = {
  kind: 'health',
  settings: healthSettings,
  shorthand: 'url',
  properties: healthProperties,
  reportsDegraded: true,
  // The report decides, and it outranks the status code.
  defaultExpect: (settings) => http.defaultExpect(settings).filter((line) => !line.startsWith('status ')),
  alwaysExpect: ({ schema }) => (schema ? [fitsSchema] : []),
  schemas: schemaIn,
  hosts: http.hosts,
  secrets: http.secrets,
  grants: (settings) => http.grants?.(settings) ?? [],
  measure,
};

async function measure(
  monitor: Monitor<HealthSettings>,
  context: ProbeContext,
  before?: Attempt,
): Promise<Measurement> {
  const measurement = await http.measure(monitor, context, before);
  const { attempt, look } = measurement;
  if (!look) return measurement;
  const status = attempt.status ?? 0;
  const report = readHealth(documentIn(look), status, monitor.settings.optional);
  const { outcome, components, note } = report;
  return {
    ...measurement,
    attempt: {
      ...attempt,
      ...(components.length > 0 && { components: components.slice(0, maxComponents) }),
      ...(note && { note }),
    },
    look: (property, argument) => lookAt(report, property, argument) ?? look(property, argument),
    ...(outcome !== 'up' && { verdict: { outcome, message: sentenceOf(report, status) } }),
  };
}

/** The answer's JSON, or its text where it is none. */
function documentIn(look: Look): unknown {
  const json = look('json', '$');
  if ('value' in json) return json.value;
  const text = look('body', undefined);
  return 'value' in text ? text.value : undefined;
}

/** The name in a condition stands in quotes if it is not one plain word. */
const nameIn = (argument: string) => argument.replace(/^"(.*)"$/, '$1');

function lookAt(
  { outcome, components }: HealthReport,
  property: string,
  argument = '',
): ReturnType<Look> | undefined {
  if (property === 'healthStatus') return { value: healthWords[outcome] };
  if (property !== 'component' && property !== 'componentLatency') return undefined;
  const wanted = nameIn(argument);
  const component = components.find(({ name }) => name === wanted);
  if (property === 'component') return { value: component && healthWords[component.outcome] };
  if (!component) return { problem: `no component ${wanted}${reported(components)}` };
  return component.latency === undefined
    ? { problem: component.problem ?? `${wanted} has no latency` }
    : { value: component.latency };
}

function reported(components: HealthReport['components']): string {
  const names = components.map(({ name }) => name);
  return names.length > 0 ? `, there are ${names.slice(0, 10).join(', ')}` : ': none is reported';
}
