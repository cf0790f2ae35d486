import * as z from 'zod/mini';

const oneOrMore = z.union([z.string(), z.array(z.string())]);

/** A statement as CDK writes it. `NotAction`, `NotResource` and `NotPrincipal` are not understood, so refused. */
const statement = z.strictObject({
  Sid: z.optional(z.string()),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: z.optional(oneOrMore),
  Principal: z.optional(z.union([z.literal('*'), z.record(z.string(), oneOrMore)])),
  Condition: z.optional(z.unknown()),
});

export const policyDocument = z.strictObject({
  Version: z.optional(z.string()),
  Id: z.optional(z.string()),
  Statement: z.union([z.array(statement), statement]),
});

export type PolicyDocument = z.infer<typeof policyDocument>;
export type Statement = z.infer<typeof statement>;

/** What somebody wants to do. */
export interface Attempt {
  /** e.g. `sqs:SendMessage` */
  action: string;
  /** An ARN; `*` where the action knows no resources. */
  resource: string;
}

export const statementsOf = (document: PolicyDocument): Statement[] => [document.Statement].flat();

/**
 * Whether these statements allow the attempt. Conditions are not evaluated: an allow with one allows, a deny with one
 * does not deny.
 */
export function allows(statements: Statement[], { action, resource }: Attempt): boolean {
  const fitting = statements.filter(
    ({ Action, Resource }) =>
      [Action].flat().some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
      (Resource === undefined || [Resource].flat().some((pattern) => matches(pattern, resource))),
  );
  const denied = fitting.some(({ Effect, Condition }) => Effect === 'Deny' && Condition === undefined);
  return !denied && fitting.some(({ Effect }) => Effect === 'Allow');
}

/** Whether a resource's own policy allows the attempt to an AWS service such as `cloudwatch.amazonaws.com`. */
export function allowsService(document: PolicyDocument, service: string, attempt: Attempt): boolean {
  const addressed = statementsOf(document).filter(({ Principal }) => {
    if (Principal === undefined || Principal === '*') return true;
    return ['Service', 'AWS'].some((kind) =>
      [Principal[kind] ?? []].flat().some((name) => name === service || name === '*'),
    );
  });
  return allows(addressed, attempt);
}

/** Whether a resource's own policy allows the attempt to a role that it names, by `aws:PrincipalArn`, as one of another Region. */
export function allowsRole(document: PolicyDocument, roleArn: string, attempt: Attempt): boolean {
  const naming = statementsOf(document).filter(({ Condition }) => {
    const named = principalNames.safeParse(Condition).data;
    return [named?.ArnEquals['aws:PrincipalArn'] ?? []].flat().includes(roleArn);
  });
  return allows(naming, attempt);
}

const principalNames = z.object({ ArnEquals: z.object({ 'aws:PrincipalArn': oneOrMore }) });

/** `*` stands for any characters, `?` for one. */
function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(value);
}
