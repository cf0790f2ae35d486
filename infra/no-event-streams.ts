/**
 * Stands in for `@smithy/core/event-streams` in the bundles, which loads it for operations that answer with a stream of events: of those
 * that we use none does.
 */
export function EventStreamSerde(): never {
  throw new Error(
    'no operation that answers with a stream of events is in the bundles: see infra/bundles.ts',
  );
}
