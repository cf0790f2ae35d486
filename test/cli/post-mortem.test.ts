import { expect, test } from 'vitest';
import { serveHttp } from '../support/servers.ts';
import { tocsin } from '../support/tocsin.ts';

test('post-mortem prints the document as it is, with times of a zone', async () => {
  const paths: unknown[] = [];
  const { port } = await serveHttp((request, response) => {
    paths.push(request.url);
    response.end('# Post-mortem: website is down\n');
  });
  const url = `http://127.0.0.1:${port}`;
  const { code, out } = await tocsin(['post-mortem', '20261120-a', '--zone', 'Europe/Madrid', '--url', url]);
  expect([code, out]).toEqual([0, '# Post-mortem: website is down\n']);
  expect(paths).toEqual(['/api/incidents/20261120-a/post-mortem?zone=Europe%2FMadrid']);
});

test('post-mortem asks of which incident', async () => {
  expect(await tocsin(['post-mortem'])).toMatchObject({ code: 2, error: expect.stringContaining('which') });
});
