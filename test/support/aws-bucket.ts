import type { LocalRequest, LocalResponse } from '../../infra/local/listen.ts';

const xml = (status: number, body: string): LocalResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});

const namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** The bucket that `cdk bootstrap` makes, as far as CDK publishes assets to it. `objects` are the keys that were put. */
export function assetBucket(name: string) {
  const objects = new Set<string>();
  /** Undefined where the request is for somebody else. */
  function answer({ method, url }: LocalRequest): LocalResponse | undefined {
    const [, bucket, ...rest] = url.pathname.split('/');
    if (bucket !== name) return undefined;
    const key = rest.join('/');
    if (method === 'PUT') {
      objects.add(key);
      return { status: 200, headers: { etag: '"asset"' } };
    }
    if (url.searchParams.has('location'))
      return xml(200, `<LocationConstraint ${namespace}>eu-central-1</LocationConstraint>`);
    if (url.searchParams.has('encryption'))
      return xml(
        404,
        '<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code><Message>none</Message></Error>',
      );
    const found = [...objects].filter((each) => each.startsWith(url.searchParams.get('prefix') ?? ''));
    const contents = found.map((each) => `<Contents><Key>${each}</Key><Size>1</Size></Contents>`).join('');
    return xml(
      200,
      `<ListBucketResult ${namespace}><Name>${name}</Name><KeyCount>${found.length}</KeyCount>${contents}</ListBucketResult>`,
    );
  }
  return { objects, answer };
}
