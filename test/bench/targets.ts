// Runs in a process of its own, so that the servers' CPU time is not the checks': prints its ports and its authority's certificate.
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority, issueCertificate } from '../support/certificates.ts';

const healthy: RequestListener = (_, response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"healthy","checks":[]}');

const authority = await createAuthority('Bench');
const credentials = await issueCertificate(['127.0.0.1'], { authority });
const servers = [createHttp(healthy), createHttps(credentials, healthy)];
const ports = await Promise.all(
  servers.map(
    (server) =>
      new Promise<number>((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
      ),
  ),
);
process.send?.({ http: ports[0], https: ports[1], ca: authority.cert });
process.on('disconnect', () => process.exit());
