import type { LedgerRow } from '../../../shared/notifications/delivery/ledger.ts';
import { CommandError } from '../command.ts';

/** An incident as the API shows it, as far as a test looks at it. */
export interface ListedIncident {
  id: string;
  groupKey: string;
  status: string;
  test?: boolean;
}

export interface ConsoleApi {
  listIncidents(): Promise<ListedIncident[]>;
  /** What happened to each (event, channel), the oldest first. */
  readLedger(incident: string): Promise<Omit<LedgerRow, 'at'>[]>;
}

/** Milliseconds an answer may take, a cold start included. */
const deadlineMs = 20_000;

/**
 * The API of a system.
 * @param url where its console is, without a slash at the end
 * @param token its admin token; none is needed locally
 */
export function consoleApi(url: string, token?: string): ConsoleApi {
  async function get<Answer>(resource: string): Promise<Answer> {
    const answer = await fetch(`${url}/api/${resource}`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(deadlineMs),
    }).catch((error) => {
      throw new CommandError(`${url} does not answer\nnpm run tocsin -- doctor`, { cause: error });
    });
    if (!answer.ok)
      throw new CommandError(
        `${url}/api/${resource} answered ${answer.status}\nnpm run tocsin -- login   # shows the token it should take`,
      );
    return (await answer.json()) as Answer;
  }
  return {
    listIncidents: async () => (await get<{ incidents: ListedIncident[] }>('incidents')).incidents,
    readLedger: async (incident) =>
      (await get<{ ledger: LedgerRow[] }>(`incidents/${encodeURIComponent(incident)}`)).ledger,
  };
}
