import { expect, test } from 'vitest';
import { decodeQuery, encodeQuery } from '../../infra/local/endpoint/query-protocol.ts';

test.each([
  [
    'a publication with attributes',
    'Action=Publish&Version=2010-03-31&TopicArn=arn&Message=a%26b&MessageAttributes.entry.1.Name=n&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v',
    'Publish',
    { TopicArn: 'arn', Message: 'a&b', MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } } },
  ],
  [
    'attributes of a subscription',
    'Action=Subscribe&Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true',
    'Subscribe',
    { Attributes: { RawMessageDelivery: 'true' } },
  ],
  [
    'a message for a queue, where lists are flat',
    'Action=SendMessage&MessageBody=b&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v',
    'SendMessage',
    { MessageBody: 'b', MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } } },
  ],
  [
    'a batch for a queue',
    'Action=SendMessageBatch&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.2.Id=b',
    'SendMessageBatch',
    { Entries: [{ Id: 'a' }, { Id: 'b' }] },
  ],
  [
    'a flat list',
    'Action=GetQueueAttributes&AttributeName.1=All',
    'GetQueueAttributes',
    { AttributeNames: ['All'] },
  ],
  [
    'lists within lists, beyond nine in order',
    `Action=PutMetricData&MetricData.member.1.MetricName=m&${Array.from({ length: 11 }, (_, n) => `MetricData.member.1.Values.member.${n + 1}=${n}`).join('&')}`,
    'PutMetricData',
    { MetricData: [{ MetricName: 'm', Values: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] }] },
  ],
  ['nothing but a name', 'Action=ListTopics&Version=2010-03-31', 'ListTopics', {}],
])('%s is read', (_, form, operation, input) => {
  expect(decodeQuery(form)).toEqual({ operation, input });
});

test('a form cannot reach the prototype of objects', () => {
  decodeQuery('Action=Publish&__proto__.polluted=yes&constructor.prototype.polluted=yes');

  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

test.each([
  [
    'sns',
    'ListTopics',
    { Topics: [{ TopicArn: 'a' }] },
    '<Topics><member><TopicArn>a</TopicArn></member></Topics>',
  ],
  [
    'sns',
    'GetTopicAttributes',
    { Attributes: { Owner: 'o' } },
    '<Attributes><entry><key>Owner</key><value>o</value></entry></Attributes>',
  ],
  [
    'sqs',
    'GetQueueAttributes',
    { Attributes: { QueueArn: 'a' } },
    '<Attribute><Name>QueueArn</Name><Value>a</Value></Attribute>',
  ],
  ['sqs', 'ListQueues', { QueueUrls: ['a', 'b'] }, '<QueueUrl>a</QueueUrl><QueueUrl>b</QueueUrl>'],
  [
    'sqs',
    'SendMessageBatch',
    { Successful: [{ Id: 'a' }], Failed: [] },
    '<SendMessageBatchResultEntry><Id>a</Id></SendMessageBatchResultEntry>',
  ],
  [
    'monitoring',
    'GetMetricData',
    { Timestamps: [1_763_600_000.5], Values: [1] },
    '<Timestamps><member>2025-11-20T00:53:20.500Z</member></Timestamps><Values><member>1</member></Values>',
  ],
  [
    'monitoring',
    'DescribeAlarms',
    { StateUpdatedTimestamp: 0, AlarmName: '<&">' },
    '<StateUpdatedTimestamp>1970-01-01T00:00:00.000Z</StateUpdatedTimestamp><AlarmName>&lt;&amp;&quot;&gt;</AlarmName>',
  ],
])('%s %s is written as %o', (service, operation, output, inner) => {
  const xml = encodeQuery({ service, operation, requestId: 'r' }, output);

  expect(xml).toContain(`<${operation}Result>${inner}</${operation}Result>`);
});
