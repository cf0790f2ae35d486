/**
 * AWS's Query protocol: a form in, XML out. SNS speaks it with every client; SQS and CloudWatch with older ones.
 * Members get the names and shapes they have in the JSON protocol; their values stay text.
 */

type Members = { [name: string]: unknown };

/** SQS repeats the singular name where others have a list below the plural one. */
const sqsNames: Record<string, string> = {
  AttributeName: 'AttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  Attribute: 'Attributes',
  MessageAttribute: 'MessageAttributes',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};
const sqsSingular: Record<string, string> = {
  QueueUrls: 'QueueUrl',
  Messages: 'Message',
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
};

/** Members that are maps; every other object is a structure. */
const maps = new Set(['Attributes', 'MessageAttributes']);

const namespaces: Record<string, string> = {
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sqs: 'http://queue.amazonaws.com/doc/2012-11-05/',
  monitoring: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
};

/** Operation and input of a form such as `Action=Publish&Message=…&MessageAttributes.entry.1.Name=…`. */
export function decodeQuery(form: string): { operation: string; input: Members } {
  const { Action, Version: _, ...fields } = Object.fromEntries(new URLSearchParams(form));
  const tree: Members = Object.create(null);
  for (const [path, value] of Object.entries(fields)) put(tree, path.split('.'), value);
  return { operation: Action ?? '', input: shape(tree) as Members };
}

function put(tree: Members, path: string[], value: string): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    tree[first] = value;
    return;
  }
  tree[first] ??= Object.create(null);
  put(tree[first] as Members, rest, value);
}

function shape(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = value as Members;
  const names = Object.keys(members);
  if (names.length > 0 && names.every((name) => /^\d+$/.test(name)))
    return names.sort((a, b) => Number(a) - Number(b)).map((name) => shape(members[name]));
  if (names.length === 1 && names[0] === 'member') return shape(members.member);
  if (names.length === 1 && names[0] === 'entry') return toMap(shape(members.entry) as Members[]);
  return Object.fromEntries(
    names.map((name) => {
      const known = sqsNames[name] ?? name;
      const shaped = shape(members[name]);
      return [known, maps.has(known) && Array.isArray(shaped) ? toMap(shaped) : shaped];
    }),
  );
}

const toMap = (entries: Members[]): Members =>
  Object.fromEntries(entries.map(({ key, value, Name, Value }) => [String(key ?? Name), value ?? Value]));

export interface QueryAnswer {
  /** Signing name: `sns`, `sqs`, `monitoring`. */
  service: string;
  operation: string;
  requestId: string;
}

export function encodeQuery({ service, operation, requestId }: QueryAnswer, output: Members): string {
  const result = elements(output, service, operation);
  return (
    `<${operation}Response xmlns="${namespaces[service] ?? ''}"><${operation}Result>${result}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

export function encodeQueryError(code: string, message: string, requestId: string): string {
  return (
    `<ErrorResponse><Error><Type>Sender</Type>${element('Code', code)}${element('Message', message)}</Error>` +
    `<RequestId>${requestId}</RequestId></ErrorResponse>`
  );
}

function elements(members: Members, service: string, operation: string): string {
  const inner = (name: string, value: unknown): string =>
    typeof value === 'object' && value !== null
      ? `<${name}>${elements(value as Members, service, operation)}</${name}>`
      : element(name, value);
  const member = (name: string, value: unknown): string => {
    const items = itemsOf(name, value, service);
    if (!items) return inner(name, value);
    if (service === 'sqs') return items.map((item) => inner(singular(name, operation), item)).join('');
    const itemName = maps.has(name) ? 'entry' : 'member';
    return `<${name}>${items.map((item) => inner(itemName, item)).join('')}</${name}>`;
  };
  return Object.entries(members)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => member(name, value))
    .join('');
}

/** What a list or map consists of; undefined for a structure or a plain value. */
function itemsOf(name: string, value: unknown, service: string): unknown[] | undefined {
  if (Array.isArray(value)) return isTime(name) ? value.map(isoTime) : value;
  if (!maps.has(name)) return undefined;
  const [key, held] = service === 'sqs' ? (['Name', 'Value'] as const) : (['key', 'value'] as const);
  return Object.entries(value as Members).map(([entry, content]) => ({ [key]: entry, [held]: content }));
}

function singular(name: string, operation: string): string {
  if (name === 'Successful') return `${operation}ResultEntry`;
  if (name === 'Failed') return 'BatchResultErrorEntry';
  return sqsSingular[name] ?? name;
}

const element = (name: string, value: unknown) =>
  `<${name}>${escapeXml(String(isTime(name) ? isoTime(value) : value))}</${name}>`;

/** The JSON protocol has epoch seconds where XML has ISO 8601. */
const isTime = (name: string) => /(Timestamp|Timestamps|^StartTime|^EndTime)$/.test(name);
const isoTime = (value: unknown) =>
  typeof value === 'number' ? new Date(value * 1_000).toISOString() : value;

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}
