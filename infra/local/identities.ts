import { type Attempt, allows, allowsService, type PolicyDocument, type Statement } from './policy.ts';

/** Who may do what: roles, resource policies and keys of the template. */
export interface Identities {
  addRole(role: { name: string; arn: string }): void;
  grant(roleName: string, statements: Statement[]): void;
  mayRole(roleArn: string, attempt: Attempt): boolean;
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

/** What a publisher asks of the key of a topic or queue. */
const keyActions = ['kms:Decrypt', 'kms:GenerateDataKey'];

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

  const keyRefusal = (service: string, resource: string): string | undefined => {
    const given = keyOf.get(resource);
    if (given === undefined) return undefined;
    const key = keys.get(given) ?? keys.get(keys.get(given) ?? '') ?? given;
    const document = policies.get(key);
    const missing = keyActions.filter(
      (action) => !document || !allowsService(document, service, { action, resource: key }),
    );
    return missing.length > 0
      ? `the policy of its key ${key} does not allow ${missing.join(', ')}`
      : undefined;
  };

  return {
    addRole: ({ name, arn }) => roles.set(arn, { name, statements: [] }),
    grant: (roleName, statements) => roleNamed(roleName).statements.push(...statements),
    mayRole: (roleArn, attempt) => allows(roles.get(roleArn)?.statements ?? [], attempt),
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
      return keyRefusal(service, attempt.resource);
    },
    permit: (functionArn, service) => permissions.add(`${functionArn} ${service}`),
    mayInvoke: (service, functionArn) => permissions.has(`${functionArn} ${service}`),
  };
}
