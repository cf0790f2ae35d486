import * as z from 'zod/mini';
import { type Answer, type Runtime, ServiceError } from '../service.ts';
import { type EngineOperation, heldBack, type Item, run, type Store, watched } from './dynamodb-engine.ts';
import { type Operation, operation } from './operations.ts';

/** Actions in one transaction. */
const maxActions = 100;
/** Milliseconds for which a token makes a repeated transaction do nothing. */
const tokenLife = 10 * 60_000;

const action = z.optional(z.record(z.string(), z.unknown()));
const writeShape = {
  TransactItems: z
    .array(z.strictObject({ Put: action, Update: action, Delete: action, ConditionCheck: action }))
    .check(z.minLength(1), z.maxLength(maxActions)),
  ClientRequestToken: z.optional(z.string().check(z.minLength(1), z.maxLength(36))),
  ReturnConsumedCapacity: z.optional(z.enum(['INDEXES', 'TOTAL', 'NONE'])),
};

/** A condition check is a deletion whose deletion is not carried out. */
const engineOperations: Record<string, EngineOperation> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'DeleteItem',
};

export interface Transactions {
  /** Must run alone. */
  TransactWriteItems: Operation;
  /** Must run alone. */
  TransactGetItems: Operation;
}

/** `wrote` hears of every item that a committed transaction put. */
export function transactions(
  runtime: Runtime,
  store: Store,
  wrote: (table: string, item: Item) => void,
): Transactions {
  const done = doneTransactions(runtime);
  return {
    TransactWriteItems: operation(writeShape, async (input) => {
      const { ClientRequestToken: token, TransactItems } = input;
      const request = JSON.stringify(TransactItems);
      if (token && done.has(token, request)) return {};
      await write(store, TransactItems.map(oneAction), wrote);
      if (token) done.add(token, request);
      return {};
    }),
    TransactGetItems: operation(
      {
        TransactItems: z
          .array(z.strictObject({ Get: z.record(z.string(), z.unknown()) }))
          .check(z.minLength(1), z.maxLength(maxActions)),
        ReturnConsumedCapacity: z.optional(z.enum(['INDEXES', 'TOTAL', 'NONE'])),
      },
      async ({ TransactItems }) => {
        const Responses: Answer[] = [];
        for (const { Get } of TransactItems) {
          const { Item } = await run(store, 'GetItem', { ...Get, ConsistentRead: true });
          Responses.push(Item ? { Item } : {});
        }
        return { Responses };
      },
    ),
  };
}

interface Action {
  kind: string;
  input: Answer;
  returnsItem: boolean;
}

interface Reason {
  Code: string;
  Message?: string;
  Item?: Item;
}

function oneAction(entry: Record<string, Record<string, unknown> | undefined>): Action {
  const given = Object.entries(entry).filter(([, input]) => input !== undefined);
  const [first] = given;
  if (!first?.[1] || given.length > 1)
    throw new ServiceError(
      'ValidationException',
      'TransactItems can only contain one of Check, Put, Update or Delete',
    );
  const { ReturnValuesOnConditionCheckFailure: returned, ...input } = first[1];
  if (first[0] === 'ConditionCheck' && input.ConditionExpression === undefined)
    throw new ServiceError('ValidationException', 'ConditionCheck: ConditionExpression is missing');
  return { kind: first[0], input, returnsItem: returned === 'ALL_OLD' };
}

async function write(
  store: Store,
  actions: Action[],
  wrote: (table: string, item: Item) => void,
): Promise<void> {
  const changes = heldBack(store);
  const unused = heldBack(store);
  const keys = new Set<string>();
  const puts: [string, Item][] = [];
  const reasons: Reason[] = [];
  for (const { kind, input, returnsItem } of actions) {
    let before: Item | undefined;
    const target = watched(kind === 'ConditionCheck' ? unused.store : changes.store, {
      read(table, key, item) {
        before = item;
        keys.add(`${table}~${key}`);
      },
      wrote: (table, item) => puts.push([table, item]),
    });
    reasons.push(
      await reasonOf(run(target, engineOperations[kind]!, input), () => (returnsItem ? before : undefined)),
    );
  }
  if (keys.size < actions.length)
    throw new ServiceError(
      'ValidationException',
      'Transaction request cannot include multiple operations on one item',
    );
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  await changes.commit();
  for (const [table, item] of puts) wrote(table, item);
}

/** Why this action stops the transaction, if it does; what is wrong with the request itself is thrown. */
async function reasonOf(running: Promise<Answer>, before: () => Item | undefined): Promise<Reason> {
  try {
    await running;
    return { Code: 'None' };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ConditionalCheckFailedException') throw error;
    const Item = before();
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...(Item && { Item }) };
  }
}

function cancelled(reasons: Reason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
}

/** Transactions done of late, by their token. */
function doneTransactions(runtime: Runtime) {
  const requests = new Map<string, { request: string; at: number }>();
  return {
    /** Throws where another request had the token. */
    has(token: string, request: string): boolean {
      for (const [old, { at }] of requests) if (at <= runtime.clock.now() - tokenLife) requests.delete(old);
      const before = requests.get(token);
      if (before && before.request !== request)
        throw new ServiceError(
          'IdempotentParameterMismatchException',
          'another transaction had this ClientRequestToken',
        );
      return before !== undefined;
    },
    add(token: string, request: string): void {
      requests.set(token, { request, at: runtime.clock.now() });
    },
  };
}
