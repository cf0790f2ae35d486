import { expect, it } from 'vitest';
import { invokeLater } from '../../shared/aws/lambda.ts';
import { serveHttp } from '../support/servers.ts';

async function lambda(status: number, answer = '') {
  const asked: object[] = [];
  const { port } = await serveHttp(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { authorization = '', 'x-amz-invocation-type': type } = request.headers;
    const [, region] = /Credential=\w+\/\d+\/([\w-]+)\/lambda\//.exec(authorization) ?? [];
    asked.push({ path: `${request.method} ${request.url}`, type, region, body });
    response
      .writeHead(status, { connection: 'close', 'x-amzn-errortype': 'ResourceNotFoundException' })
      .end(answer);
  });
  const endpoint = `http://127.0.0.1:${port}`;
  return { asked, aws: { region: 'eu-west-1', accessKeyId: 'AKID', secretAccessKey: 'x', endpoint } };
}

it.each([
  [undefined, 'eu-west-1'],
  ['us-east-1', 'us-east-1'],
])('asks a function of Region %s to run, and does not wait', async (region, signedFor) => {
  const { asked, aws } = await lambda(202);
  await invokeLater(aws, 'Tocsin-acme-probe-home', { check: ['web'] }, region);
  expect(asked).toEqual([
    {
      path: 'POST /2015-03-31/functions/Tocsin-acme-probe-home/invocations',
      type: 'Event',
      region: signedFor,
      body: '{"check":["web"]}',
    },
  ]);
});

it('throws what Lambda says where there is no such function', async () => {
  const { aws } = await lambda(404, '{"Message":"Function not found"}');
  await expect(invokeLater(aws, 'gone', {}, undefined)).rejects.toThrow(
    'lambda:Invoke of gone answered 404 ResourceNotFoundException: Function not found',
  );
});
