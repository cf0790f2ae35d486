// Runs in a process of its own, so that the servers' CPU time is not the checks': sends its ports and its authority's certificate.
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { createAuthority, issueCertificate } from '../support/certificates.ts';

export interface Targets {
  http: number;
  https: number;
  /** Port where connections are accepted, and nothing is ever said. */
  silent: number;
  /** PEM of the authority that is to be trusted, of the server's certificate and of its key. */
  ca: string;
  cert: string;
  key: string;
}

const healthy: RequestListener = (_, response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"healthy","checks":[]}');

const portOf = (server: Server) =>
  new Promise<number>((resolve) =>
    // A thousand checks knock at the same time.
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () =>
      resolve((server.address() as AddressInfo).port),
    ),
  );

const authority = await createAuthority('Bench');
const credentials = await issueCertificate(['127.0.0.1'], { authority });
const targets: Targets = {
  http: await portOf(createHttp(healthy)),
  https: await portOf(createHttps(credentials, healthy)),
  silent: await portOf(createTcp((socket) => socket.on('error', () => {}).resume())),
  ca: authority.cert,
  ...credentials,
};
process.send?.(targets);
process.on('disconnect', () => process.exit());
