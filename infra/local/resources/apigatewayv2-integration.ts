import * as z from 'zod/mini';
import { optionalText, resourceType } from './resource.ts';

export const httpApiIntegration = resourceType(
  {
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    IntegrationMethod: optionalText,
  },
  ({ IntegrationUri }, { logicalId, world }) => {
    world.integrations.set(logicalId, /arn:aws:lambda:[^/]+/.exec(IntegrationUri)?.[0] ?? IntegrationUri);
    return { ref: logicalId };
  },
);
