import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAlarm, parseTime } from '../../shared/incidents/parse-alarm.ts';

const sentAt = Date.parse('2026-11-20T06:00:00Z');
const fixture = (file: string) =>
  readFileSync(new URL(`../fixtures/alarm-events/${file}`, import.meta.url), 'utf8');
const parse = (body: string) => parseAlarm(body, 'acme', sentAt);
const metric = JSON.parse(fixture('metric.json')) as Record<string, unknown>;
const changed = (fields: Record<string, unknown>) => parse(JSON.stringify({ ...metric, ...fields }));

/** As SNS writes it into an SQS body. */
const enveloped = (Message: string, more: object = {}) =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: '6f1f1d2e-0000-4000-8000-000000000000',
    TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alarms',
    Subject: 'ALARM: "acme/monitor/website" in EU (Frankfurt)',
    Message,
    Timestamp: '2026-11-20T05:10:00.530Z',
    SignatureVersion: '1',
    SigningCertURL: 'https://sns.eu-central-1.amazonaws.com/cert.pem',
    ...more,
  });

describe('forms of an alarm notification', () => {
  test.each([
    ['metric.json', 'metric', 'eu-central-1', { type: 'monitor', id: 'website' }],
    ['percentile-legacy.json', 'metric', 'us-east-1', undefined],
    ['math.json', 'math', 'us-east-1', undefined],
    ['composite.json', 'composite', 'eu-central-1', { type: 'self', id: 'probes-blind' }],
    ['anomaly.json', 'anomaly', 'cn-north-1', undefined],
    ['contributor.json', 'contributor', 'us-gov-west-1', undefined],
  ])('%s is read as %s in %s (scenarios 10–13, 15, 23, 27)', (file, form, region, subject) => {
    const text = fixture(file);
    const signal = parse(enveloped(text));
    const { AlarmName, AlarmArn, NewStateReason } = JSON.parse(text);
    expect(signal).toMatchObject({
      form,
      region,
      account: '123456789012',
      name: AlarmName,
      state: 'ALARM',
      reason: NewStateReason,
      subject: subject ?? { type: 'alarm', id: AlarmArn },
    });
    expect(signal.key.startsWith(AlarmArn)).toBe(true);
  });

  test('a raw body means what the same one in an envelope means (21)', () => {
    expect(parse(fixture('metric.json'))).toEqual(parse(enveloped(fixture('metric.json'))));
  });

  test('contributors of one alarm are alarms of their own about the same subject (27)', () => {
    const one = JSON.parse(fixture('contributor.json'));
    const [a, b] = ['a', 'b'].map((id) => parse(JSON.stringify({ ...one, AlarmContributorId: id })));
    expect([a?.key, b?.key]).toEqual([`${one.AlarmArn}#a`, `${one.AlarmArn}#b`]);
    expect(a?.subject).toEqual(b?.subject);
  });

  test('null, empty and long descriptions, and null reasons, are no obstacle (14)', () => {
    expect(changed({ AlarmDescription: null })).not.toHaveProperty('description');
    expect(changed({ AlarmDescription: '' })).not.toHaveProperty('description');
    expect(changed({ AlarmDescription: '{"json":"https://x"}'.padEnd(1024, '.') }).description).toHaveLength(
      1024,
    );
    expect(changed({ NewStateReason: null }).reason).toBe('');
  });

  test('fields nobody has heard of change nothing (16)', () => {
    expect(changed({ ActionExecutedAfterMuteWindow: true, Future: { deep: [1] } })).toEqual(changed({}));
  });

  test.each([['a/b "c" `d` <e>&f'], ['two\nlines'], ['🔥 fire 🔥'], ['x'.repeat(255)], ['\u202eesrever']])(
    'the name %j is kept as it is (24)',
    (name) => {
      expect(changed({ AlarmName: name })).toMatchObject({ form: 'metric', name });
    },
  );

  test('an alarm of another account with the same name has a key of its own (25)', () => {
    const foreign = changed({
      AlarmArn: 'arn:aws:cloudwatch:eu-central-1:999999999999:alarm:acme/monitor/website',
    });
    expect(foreign.key).not.toBe(changed({}).key);
    expect(foreign.account).toBe('999999999999');
  });

  test.each([
    ['acme/rule/high-error-rate', { type: 'rule', id: 'high-error-rate' }],
    ['acme/slo/checkout/fast', { type: 'slo', id: 'checkout/fast' }],
    ['acme/monitor/website/degraded', { type: 'monitor', id: 'website', aspect: 'degraded' }],
    ['acme/monitor/degraded', { type: 'monitor', id: 'degraded' }],
    ['acme/rule/website/degraded', { type: 'rule', id: 'website/degraded' }],
    ['acme/other/thing', undefined],
    ['acme/monitor/', undefined],
    ['acmeother/monitor/website', undefined],
    ['other/monitor/website', undefined],
  ])('%s is about %j', (name, subject) => {
    const signal = changed({ AlarmName: name });
    expect(signal.subject).toEqual(subject ?? { type: 'alarm', id: signal.key });
  });
});

describe('times', () => {
  test.each([
    ['2026-11-20T05:10:00.472+0000', '2026-11-20T05:10:00.472Z'],
    ['2026-11-20T06:10:00.472+0100', '2026-11-20T05:10:00.472Z'],
    ['2026-11-20T05:10:00Z', '2026-11-20T05:10:00.000Z'],
    ['1970-01-01T00:00:00.000+0000', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s (26)', (written, meant) => {
    expect(parseTime(written)).toBe(Date.parse(meant));
  });

  test('a missing or senseless time is the time it was sent', () => {
    expect(parseTime('yesterday')).toBeUndefined();
    expect(changed({ StateChangeTime: null }).at).toBe(sentAt);
    expect(changed({ StateChangeTime: 'yesterday' }).at).toBe(sentAt);
  });

  test('a time in the future is the time it was sent, or it would make all that follows old (26)', () => {
    expect(changed({ StateChangeTime: '2026-11-20T06:05:00.000+0000' }).at).toBe(sentAt);
    const body = enveloped(JSON.stringify({ ...metric, StateChangeTime: '2030-01-01T00:00:00.000+0000' }));
    expect(parse(body).at).toBe(Date.parse('2026-11-20T05:10:00.530Z'));
  });
});

describe('what is no alarm still becomes a signal', () => {
  test.each([
    ['plain text (17)', fixture('budget.txt'), 'AWS Budget Notification November 20, 2026'],
    ['other JSON (18)', fixture('autoscaling.json'), '{'],
    ['nothing', '', 'empty message'],
    ['null', 'null', 'null'],
    ['an alarm without a state', '{"AlarmName":"x"}', '{"AlarmName":"x"}'],
    ['an alarm in an unknown state', '{"AlarmName":"x","NewStateValue":"MAYBE"}', undefined],
  ])('%s', (_, body, name) => {
    const signal = parse(body);
    expect(signal).toMatchObject({
      form: 'unknown',
      state: 'ALARM',
      at: sentAt,
      raw: body,
      subject: { type: 'alarm', id: signal.key },
    });
    if (name !== undefined) expect(signal.name).toBe(name);
  });

  test.each([
    ['AlarmName', 'n'.repeat(256), 'unknown'],
    ['AlarmArn', `arn:${'x'.repeat(5_000)}`, 'metric'],
  ])('a %s longer than CloudWatch makes them is not trusted', (field, value, form) => {
    const signal = changed({ [field]: value });
    expect(signal.form).toBe(form);
    expect(signal.key.length).toBeLessThan(300);
  });

  test('its subject names it, its text is cut, and the same text is the same signal', () => {
    const long = 'x'.repeat(10_000);
    const signal = parse(enveloped(long, { Subject: 'Budget exceeded' }));
    expect(signal.name).toBe('Budget exceeded');
    expect(signal.raw).toHaveLength(4_000);
    expect(parse(enveloped(long, { Timestamp: '2026-11-20T05:30:00Z' })).key).toBe(signal.key);
    expect(parse('another').key).not.toBe(signal.key);
  });

  test('no body at all makes it throw', () => {
    const weird = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.object({ withNullPrototype: true }).map((fields) => JSON.stringify({ ...metric, ...fields })),
      fc
        .tuple(fc.constantFrom(...Object.keys(metric)), fc.jsonValue())
        .map(([field, value]) => JSON.stringify({ ...metric, [field]: value })),
    );
    fc.assert(
      fc.property(weird, fc.boolean(), (body, wrap) => {
        const signal = parse(wrap ? enveloped(body) : body);
        expect(signal.key).not.toBe('');
        expect(Buffer.byteLength(signal.key)).toBeLessThan(2_000);
        expect(signal.at).toBeLessThanOrEqual(sentAt);
        expect(JSON.parse(JSON.stringify(signal))).toEqual(signal);
      }),
    );
  });
});
