import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { digestKeys, digestsDue } from './digest-items.ts';

/** Seconds that an item is kept after the time it is about. */
const keptSeconds = 86_400;

/** What concerns all messages of a channel or a provider: items of the `incidents` table. */
export type ChannelTable = ReturnType<typeof channelTable>;

export function channelTable(client: DynamoDBDocumentClient, TableName: string) {
  /** What is known to be taken of a channel's minute, so that a storm does not ask again and again. */
  const full = new Map<string, { minute: number; room: number }>();

  /** False where the condition does not hold. */
  async function update(input: Omit<UpdateCommandInput, 'TableName'>): Promise<boolean> {
    try {
      await client.send(new UpdateCommand({ TableName, ...input }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  const restKey = (provider: string) => ({ pk: `PROVIDER#${provider}`, sk: 'REST' });

  return {
    /** Takes one of the messages that a channel may be told in a minute. False where `room` of them are taken. */
    async take(channel: string, minute: number, room: number): Promise<boolean> {
      const seen = full.get(channel);
      if (seen?.minute === minute && room <= seen.room) return false;
      const taken = await update({
        Key: { pk: `CHANNEL#${channel}`, sk: `RATE#${new Date(minute).toISOString()}` },
        UpdateExpression: 'ADD taken :one SET expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(taken) OR taken < :room',
        ExpressionAttributeValues: {
          ':one': 1,
          ':room': room,
          ':expiresAt': Math.ceil(minute / 1_000) + keptSeconds,
        },
      });
      if (!taken) full.set(channel, { minute, room });
      return taken;
    },

    /**
     * Begins something that is not to begin again within some milliseconds. False where it did upon another event, and that is not
     * over; the same event may have to begin again, after a crash.
     */
    begin: (
      channel: string,
      { about, event }: { about: string; event: string },
      now: number,
      cooldown: number,
    ): Promise<boolean> =>
      update({
        Key: { pk: `CHANNEL#${channel}`, sk: `BEGUN#${about}` },
        UpdateExpression: 'SET restsUntil = :until, begunBy = :event, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(restsUntil) OR restsUntil <= :now OR begunBy = :event',
        ExpressionAttributeValues: {
          ':now': now,
          ':event': event,
          ':until': now + cooldown,
          ':expiresAt': Math.ceil((now + cooldown) / 1_000) + keptSeconds,
        },
      }),

    /** Until when a provider asked us to stay away, epoch ms; 0 where it did not. */
    async readRest(provider: string): Promise<number> {
      const { Item } = await client.send(
        new GetCommand({ TableName, Key: restKey(provider), ConsistentRead: true }),
      );
      return Number(Item?.notBefore ?? 0);
    },

    /** The provider asked us to stay away until then. The longest of what it said counts. */
    async rest(provider: string, notBefore: number): Promise<void> {
      await update({
        Key: restKey(provider),
        UpdateExpression: 'SET notBefore = :notBefore, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(notBefore) OR notBefore < :notBefore',
        ExpressionAttributeValues: {
          ':notBefore': notBefore,
          ':expiresAt': Math.ceil(notBefore / 1_000) + keptSeconds,
        },
      });
    },

    /**
     * Announces an entry of the digest that a channel is told at `due`, before it is written: so a digest is not told while an
     * entry is on its way. False where it is closed already: the entry belongs to the next one.
     */
    announce: (channel: string, due: number, reason: 'storm' | 'daily'): Promise<boolean> =>
      update({
        Key: digestKeys.head(channel, due),
        UpdateExpression:
          'ADD announced :one SET channel = :channel, due = :due, reason = if_not_exists(reason, :reason), ' +
          'pendingPk = :pending, pendingSk = :at, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(closed)',
        ExpressionAttributeValues: {
          ':one': 1,
          ':channel': channel,
          ':due': due,
          ':reason': reason,
          ':pending': digestsDue,
          ':at': new Date(due).toISOString(),
          ':expiresAt': digestKeys.expiresAt(due),
        },
      }),

    /** A digest could not be told: its entries are to be reported, one by one, to those who keep incidents. */
    refuse: (channel: string, due: number, reason: string): Promise<boolean> =>
      update({
        Key: digestKeys.head(channel, due),
        UpdateExpression: 'SET refused = :reason, pendingPk = :pending, pendingSk = :at',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: {
          ':reason': reason,
          ':pending': digestsDue,
          ':at': new Date(due).toISOString(),
        },
      }),
  };
}
