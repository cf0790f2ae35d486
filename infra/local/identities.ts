import {
  type Attempt,
  allows,
  allowsRole,
  allowsService,
  type PolicyDocument,
  type Statement,
} from './policy.ts';

/** Who may do what: roles, resource policies and keys of the template. */
export interface Identities {
  addRole(role: { name: string; arn: string }): void;
  grant(roleName: string, statements: Statement[]): void;
  /** Why a role may not do that; undefined when it may. */
  roleRefusal(roleArn: string, attempt: Attempt): string | undefined;
  /** Policy of a topic, queue or key. Replaces what there was. */
  setPolicy(resourceArn: string, document: PolicyDocument): void;
  /** Makes a resource encrypted with a key, given as its id, ARN or alias. */
  encrypt(resourceArn: string, key: string): void;
  addKey(key: { id: string; arn: string }): void;
  addAlias(alias: string, keyId: string): void;
  /** Why an AWS service may not do that with a resource; undefined when it may. */
  serviceRefusal(service: string, attempt: Attempt): string | undefined;
  /** Lets a service invoke a function, as `AWS::Lambda::Permission` does. */
  permit(functionArn: string, service: string): void;
  mayInvoke(service: string, functionArn: string): boolean;
}

/** What is asked of the key of a queue or topic. A table uses its key in ways of its own, which are not checked. */
const keyActions: Record<string, string[]> = {
  'sqs:SendMessage': ['kms:Decrypt', 'kms:GenerateDataKey'],
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  'sns:Publish': ['kms:Decrypt', 'kms:GenerateDataKey'],
};

export function createIdentities(): Identities {
  const roles = new Map<string, { name: string; statements: Statement[] }>();
  const policies = new Map<string, PolicyDocument>();
  const keyOf = new Map<string, string>();
  const keys = new Map<string, string>();
  const permissions = new Set<string>();

  const roleNamed = (name: string) => {
    const role = [...roles.values()].find((known) => known.name === name);
    if (!role) throw new Error(`there is no role ${name}`);
    return role;
  };

  /** What an attempt on an encrypted resource asks of its key. */
  const keyAttempts = ({ action, resource }: Attempt): Attempt[] => {
    const given = keyOf.get(resource);
    if (given === undefined) return [];
    const key = keys.get(given) ?? given;
    return (keyActions[action] ?? []).map((keyAction) => ({ action: keyAction, resource: key }));
  };

  return {
    addRole: ({ name, arn }) => roles.set(arn, { name, statements: [] }),
    grant: (roleName, statements) => roleNamed(roleName).statements.push(...statements),
    roleRefusal(roleArn, attempt) {
      const statements = roles.get(roleArn)?.statements ?? [];
      const byKey = (each: Attempt) => {
        const policy = policies.get(each.resource);
        return policy !== undefined && allowsRole(policy, roleArn, each);
      };
      const refused = [
        ...[attempt].filter((each) => !allows(statements, each)),
        ...keyAttempts(attempt).filter((each) => !allows(statements, each) && !byKey(each)),
      ][0];
      return refused && `${roleArn} does not allow ${refused.action} on ${refused.resource}`;
    },
    setPolicy: (resourceArn, document) => policies.set(resourceArn, document),
    encrypt: (resourceArn, key) => keyOf.set(resourceArn, key),
    addKey: ({ id, arn }) => keys.set(arn, arn).set(id, arn),
    addAlias: (alias, keyId) => keys.set(alias, keys.get(keyId) ?? keyId),
    serviceRefusal(service, attempt) {
      const document = policies.get(attempt.resource);
      // A topic without a policy of its own has one that lets everything of the account publish.
      const open = document === undefined && attempt.action.startsWith('sns:');
      if (!open && !(document && allowsService(document, service, attempt)))
        return `its policy does not allow ${attempt.action} to ${service}`;
      const refused = keyAttempts(attempt).find(({ action, resource }) => {
        const policy = policies.get(resource);
        return !policy || !allowsService(policy, service, { action, resource });
      });
      return (
        refused && `the policy of its key ${refused.resource} does not allow ${refused.action} to ${service}`
      );
    },
    permit: (functionArn, service) => permissions.add(`${functionArn} ${service}`),
    mayInvoke: (service, functionArn) => permissions.has(`${functionArn} ${service}`),
  };
}
