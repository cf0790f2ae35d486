import type { Monitor } from '../config/config.ts';
import { attemptAt, type Conclusion } from './attempt.ts';
import type { MonitorKind, ProbeContext } from './kind.ts';
import type { Endpoint } from './network/endpoint.ts';
import { expectedOf } from './network/server.ts';
import type { ServerSettings } from './network/server-settings.ts';
import type { Trace } from './trace.ts';

interface LoginSettings extends ServerSettings {
  target: Endpoint;
  password?: { secret: string } | undefined;
}

/** What only one kind of server has. */
type Own<Settings> = Pick<
  MonitorKind<Settings>,
  'kind' | 'driver' | 'loadDriver' | 'settings' | 'properties'
>;

/**
 * A kind whose target is a server that lets a user in.
 * @param talk connects, and says what there is to conclude from; throws `AttemptFailed`. `avoid` is an address that failed before
 */
export const serverKind = <Settings extends LoginSettings, Result>(
  own: Own<Settings>,
  talk: (
    monitor: Monitor<Settings>,
    password: string | undefined,
    context: ProbeContext,
    trace: Trace,
    avoid: string | undefined,
  ) => Promise<Result>,
  conclude: (result: Result, responseTime: number, trace: Trace) => Conclusion,
): MonitorKind<Settings> => ({
  ...own,
  shorthand: 'target',
  defaultExpect: expectedOf,
  hosts: ({ target }) => [target.host],
  secrets: ({ password }) => (password ? [password.secret] : []),
  async measure(monitor, context, before) {
    const { password } = monitor.settings;
    const secret = password && (await context.readSecret(password.secret));
    return attemptAt(
      monitor,
      context,
      (trace) => talk(monitor, secret, context, trace, before?.address),
      conclude,
    );
  },
});
