import type { Socket } from 'node:net';
import type { Connection } from 'mysql2';
import type { Monitor } from '../config/config.ts';
import { AttemptFailed, failureOf, outOfTime, peerOf } from './failure.ts';
import type { ProbeContext } from './kind.ts';
import { type MysqlSettings, mysqlSettings } from './mysql/settings.ts';
import { connect } from './network/connection.ts';
import { secure } from './network/tls-handshake.ts';
import { serverKind } from './server-kind.ts';
import { guardSession, leave, type SessionGuard } from './sql/session.ts';
import { concludeRows, type Row, sqlProperties } from './sql/sql.ts';
import type { Trace } from './trace.ts';

/** MySQL and MariaDB: whether they let a user in and answer a query, and the rows of it. */
export const mysql = serverKind<MysqlSettings, Row[]>(
  {
    kind: 'mysql',
    driver: 'mysql2@3.24.5',
    loadDriver: () => import('mysql2'),
    settings: mysqlSettings,
    properties: sqlProperties,
  },
  rowsOf,
  concludeRows('mysql'),
);

async function rowsOf(
  { settings }: Monitor<MysqlSettings>,
  password: string | undefined,
  context: ProbeContext,
  trace: Trace,
  avoid: string | undefined,
): Promise<Row[]> {
  // A driver that is not there is our fault, and no failure of the target.
  const { createConnection } = await import('mysql2');
  const { target, ipFamily: family, user, database } = settings;
  const socket = await connect({ ...target, family, avoid }, context.network, trace);
  try {
    trace.enter('firstByte');
    trace.waitingFor = `the login of ${user}`;
    trace.note?.(`> login of ${user}${database ? ` to ${database}` : ''}`);
    const connection = createConnection({
      stream: socket,
      user,
      ...(password !== undefined && { password }),
      ...(database !== undefined && { database }),
      ...(settings.secure && { ssl: {} }),
      ...readings,
    });
    const guard = guardSession(connection, trace);
    guard.watch(socket);
    const encrypting = encryptBy(connection, (plain) => secured(plain, settings, guard, context, trace));
    const rows = await Promise.race([talk(connection, settings, trace), guard.broken]);
    await leave(() => connection.end(), encrypting.stream);
    return rows;
  } catch (error) {
    throw refusalOf(error, trace);
  } finally {
    socket.destroy();
  }
}

/** The server gives the deadline no time limit of its own to wait for, and the driver runs no code that it wrote. */
const readings = { connectTimeout: 0, disableEval: true, decimalNumbers: true, dateStrings: true };

/** Of the driver's connection, what the handshake on TLS is about. */
interface Encrypting {
  stream: Socket;
  packetParser: { execute(chunk: Buffer): void };
  startTLS(onSecure: (error?: Error) => void): void;
}

/** The driver asks for TLS in the middle of the login; who shakes hands is we, as for every kind. */
function encryptBy(connection: Connection, handshake: (socket: Socket) => Promise<Socket>): Encrypting {
  const encrypting = connection as unknown as Encrypting;
  encrypting.startTLS = (onSecure) => {
    encrypting.stream.removeAllListeners('data');
    handshake(encrypting.stream).then((channel) => {
      encrypting.stream = channel.on('data', (chunk) => encrypting.packetParser.execute(chunk));
      onSecure();
    }, onSecure);
  };
  return encrypting;
}

async function secured(
  plain: Socket,
  { target, tls, user }: MysqlSettings,
  guard: SessionGuard,
  { now }: ProbeContext,
  trace: Trace,
): Promise<Socket> {
  const waitingFor = trace.waitingFor;
  trace.waitingFor = undefined;
  const channel = await secure(plain, tls.serverName ?? target.host, tls, trace, now());
  guard.watch(channel);
  trace.enter('firstByte');
  trace.waitingFor = waitingFor;
  trace.note?.(`> login of ${user} over TLS`);
  return channel;
}

async function talk(connection: Connection, { query }: MysqlSettings, trace: Trace): Promise<Row[]> {
  const session = connection.promise();
  await session.connect();
  trace.waitingFor = 'the rows of the query';
  await session.query(limitOf(trace.remaining()));
  await session.query('SET SESSION TRANSACTION READ ONLY');
  await session.query('START TRANSACTION READ ONLY');
  trace.note?.(`> ${query}`);
  const [rows] = await session.query(query);
  trace.waitingFor = undefined;
  const found = Array.isArray(rows) ? (rows as Row[]).map(readable) : [];
  trace.note?.(`< ${found.length} rows`);
  return found;
}

/** MariaDB passes over the first comment, MySQL over the second. https://mariadb.com/kb/en/comment-syntax/ */
const limitOf = (ms: number) =>
  `SET SESSION /*!50708 max_execution_time = ${Math.max(1, Math.floor(ms))} */ /*M! max_statement_time = ${Math.max(1, ms) / 1_000} */`;

/** Bytes as text. */
const readable = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString() : value]),
  );

const refusesUser = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
]);
const ranOutOfTime = new Set(['ER_QUERY_TIMEOUT', 'ER_STATEMENT_TIMEOUT']);

/** What an error of the driver, of the connection or of the server means. */
function refusalOf(error: unknown, trace: Trace): unknown {
  if (error instanceof AttemptFailed) return error;
  const { code = '', message, sqlMessage } = error as { code?: string; message: string; sqlMessage?: string };
  if (trace.deadline.aborted || ranOutOfTime.has(code)) return outOfTime(trace);
  if (sqlMessage !== undefined) {
    const reason = refusesUser.has(code) ? 'authentication-failed' : 'query-failed';
    return new AttemptFailed(reason, `${peerOf(trace)} answered with ${code}: ${sqlMessage}`);
  }
  if (code === 'PROTOCOL_CONNECTION_LOST')
    return failureOf(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), trace);
  // Of the system's codes none has an underscore.
  return code && !code.includes('_')
    ? failureOf(error, trace)
    : new AttemptFailed('protocol-error', `no login to ${peerOf(trace)}: ${message}`, { cause: error });
}
