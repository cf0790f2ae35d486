/** How much later than the driver we lose patience, in milliseconds: its timers stand still where the clock is moved by hand. */
const grace = 250;

/** What comes of work, or a `TimeoutError` when it has not ended shortly after `ms` milliseconds. */
export function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const over = AbortSignal.timeout(Math.ceil(ms) + grace);
  over.addEventListener('abort', () => reject(over.reason), { once: true });
  return Promise.race([work, late]);
}
