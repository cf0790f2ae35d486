import type { Properties } from '../../shared/conditions/properties.ts';

/** One property of each type. */
export const properties = {
  status: { type: 'number', description: 'status code' },
  responseTime: { type: 'duration', description: 'time to the last byte' },
  certificate: { type: 'days', description: 'days left' },
  errorRate: { type: 'percent', description: 'share of errors' },
  header: { type: 'text', argument: 'header name', description: 'a header' },
  body: { type: 'text', description: 'the body' },
  json: { type: 'json', argument: 'JSON path', description: 'a value in the body' },
  component: { type: 'text', argument: 'component name', description: 'status of a component' },
} as const satisfies Properties;
