import { onAwsOnly, resourceType } from './resource.ts';

/** What CDK tells AWS about its own use. */
export const cdkMetadata = resourceType({ Analytics: onAwsOnly }, (_, { logicalId }) => ({ ref: logicalId }));
