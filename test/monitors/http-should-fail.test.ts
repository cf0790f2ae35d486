import { describe, expect, it } from 'vitest';
import { check } from '../../shared/monitors/check.ts';
import { httpMonitor, probeContext } from '../support/http-monitor.ts';
import { checkQuickly } from '../support/quick-check.ts';
import { closedPort, serveHttp } from '../support/servers.ts';

describe('a monitor that should fail', () => {
  const at = (port: number, expect?: string[]) =>
    httpMonitor(`http://127.0.0.1:${port}/`, {
      settings: { shouldFail: true },
      ...(expect && { expect }),
    });

  it.each([400, 401, 403, 404, 500, 599])('is up when the answer is %i', async (status) => {
    const server = await serveHttp((_, response) => response.writeHead(status).end());

    expect(await check(at(server.port), probeContext())).toMatchObject({ outcome: 'up', status });
  });

  it.each([200, 204, 304])('is down when the answer is %i', async (status) => {
    const server = await serveHttp((_, response) => response.writeHead(status).end());

    expect(await checkQuickly(at(server.port), probeContext())).toMatchObject({
      outcome: 'down',
      reason: 'condition-failed',
      message: `expected status in 400-599, got ${status}`,
    });
  });

  it('is down when the refusal is not as expected', async () => {
    const server = await serveHttp((_, response) => response.writeHead(403).end('go away'));

    expect(await checkQuickly(at(server.port, ['body contains "denied"']), probeContext())).toMatchObject({
      outcome: 'down',
      reason: 'condition-failed',
    });
  });

  it('is down when there is no answer: that is no refusal', async () => {
    expect(await checkQuickly(at(await closedPort()), probeContext())).toMatchObject({
      outcome: 'down',
      reason: 'connection-refused',
    });
  });
});
