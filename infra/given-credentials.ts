/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles. Lambda hands credentials over in the environment and our clients
 * are given them, so that package's search (SSO, profiles, container metadata: a fifth of a bundle) never runs.
 */
export function defaultProvider(): () => Promise<never> {
  return () =>
    Promise.reject(new Error('credentials are given to every client: see shared/aws/environment.ts'));
}
