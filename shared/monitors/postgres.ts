import type { Socket } from 'node:net';
import type { Client, QueryConfig } from 'pg';
import type { Monitor } from '../config/config.ts';
import { AttemptFailed, failureOf, outOfTime, peerOf } from './failure.ts';
import type { ProbeContext } from './kind.ts';
import { connect } from './network/connection.ts';
import { startTls } from './network/starttls.ts';
import { secure } from './network/tls-handshake.ts';
import { type PostgresSettings, postgresSettings } from './postgres/settings.ts';
import { serverKind } from './server-kind.ts';
import { guardSession, leave } from './sql/session.ts';
import { concludeRows, type Row, sqlProperties } from './sql/sql.ts';
import { beginDialogue } from './tcp/dialogue.ts';
import type { Trace } from './trace.ts';

/** PostgreSQL: whether it lets a user in and answers a query, and the rows of it. */
export const postgres = serverKind<PostgresSettings, Row[]>(
  {
    kind: 'postgres',
    driver: 'pg@8.23.1',
    loadDriver: () => import('pg'),
    settings: postgresSettings,
    properties: sqlProperties,
  },
  rowsOf,
  concludeRows('postgres'),
);

async function rowsOf(
  { settings }: Monitor<PostgresSettings>,
  password: string | undefined,
  context: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<Row[]> {
  // A driver that is not there is our fault, and no failure of the target.
  const pg = await import('pg');
  const socket = await channelTo(settings, context, trace, avoid);
  try {
    const client = new pg.Client({ ...identityOf(settings, password), stream: () => connected(socket) });
    const { broken, watch } = guardSession(client, trace);
    watch(socket);
    const rows = await Promise.race([talk(client, settings, trace), broken]);
    await leave(() => void client.end().catch(() => {}), socket);
    return rows;
  } catch (error) {
    throw refusalOf(error, trace);
  } finally {
    socket.destroy();
  }
}

/** A connection that is encrypted before the driver speaks: phases and certificate are those of every kind. */
async function channelTo(
  settings: PostgresSettings,
  { network, now }: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<Socket> {
  const { target, tls, ipFamily: family } = settings;
  const socket = await connect({ ...target, family, avoid }, network, trace);
  if (!settings.secure) return socket;
  return startTls('postgres', beginDialogue(socket, trace), (plain) =>
    secure(plain, tls.serverName ?? target.host, tls, trace, now()),
  );
}

/** Everything the driver would otherwise look for in its environment. */
const identityOf = ({ target, user, database }: PostgresSettings, password: string | undefined) => ({
  ...target,
  user,
  database,
  password: () => password ?? '',
  ssl: false,
  application_name: 'tocsin',
});

/** The driver connects its socket itself: this one is connected already. */
function connected(socket: Socket): Socket {
  return Object.assign(socket, {
    connect() {
      setImmediate(() => socket.emit('connect'));
      return socket;
    },
  });
}

async function talk(
  client: Client,
  { user, database, query }: PostgresSettings,
  trace: Trace,
): Promise<Row[]> {
  trace.enter('firstByte');
  trace.waitingFor = `the login of ${user}`;
  trace.note?.(`> login of ${user} to ${database}`);
  await client.connect();
  trace.waitingFor = 'the rows of the query';
  const limit = Math.max(1, Math.floor(trace.remaining()));
  await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${limit}`);
  trace.note?.(`> ${query}`);
  // Only this protocol takes no more than one statement, so that none ends the transaction before it.
  const single: QueryConfig & { queryMode: string } = { text: query, queryMode: 'extended', types };
  const { rows } = await client.query<Row>(single);
  trace.note?.(`< ${rows.length} rows`);
  trace.waitingFor = undefined;
  return rows;
}

/** By the number of the type in `pg_type`; all else is text. */
const readers: Record<number, (text: string) => unknown> = {
  16: (text) => text === 't',
  20: Number,
  21: Number,
  23: Number,
  26: Number,
  114: JSON.parse,
  700: Number,
  701: Number,
  1700: Number,
  3802: JSON.parse,
};

const types: QueryConfig['types'] = { getTypeParser: (type: number) => readers[type] ?? String };

/** Of errors that end a query because its time is over: `statement_timeout`. */
const canceled = '57014';

/** What an error of the driver, of the connection or of the server means. https://www.postgresql.org/docs/current/errcodes-appendix.html */
function refusalOf(error: unknown, trace: Trace): unknown {
  const { code = '', message, severity } = error as { code?: string; message: string; severity?: string };
  if (error instanceof AttemptFailed) return error;
  if (trace.deadline.aborted || code === canceled) return outOfTime(trace);
  if (severity) {
    const reason = code.startsWith('28') ? 'authentication-failed' : 'query-failed';
    return new AttemptFailed(reason, `${peerOf(trace)} answered with ${severity} ${code}: ${message}`);
  }
  if (/^Connection terminated/.test(message))
    return failureOf(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), trace);
  // The driver gives errors of the system a code, and to what it does not understand none.
  return code
    ? failureOf(error, trace)
    : new AttemptFailed('protocol-error', `no login to ${peerOf(trace)}: ${message}`, { cause: error });
}
