import { beforeAll, describe, expect, it } from 'vitest';
import {
  configOf,
  listOf,
  monitor,
  type PolicyDocument,
  type Synthesis,
  synthesize,
  written,
} from '../support/synthesis.ts';

const confirmed = configOf([monitor('website', { quorum: 2, confirmFrom: ['asleep', 'us'] })], {
  region: 'eu-central-1',
  locations: [{ id: 'home' }, { id: 'asleep' }, { id: 'us', region: 'us-west-2' }],
});

let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesize(confirmed);
});

/** What the recorder may invoke. */
function invocable({ ofType }: Synthesis): string[] {
  const functions = Object.values(ofType<{ FunctionName: string; Role: unknown }>('AWS::Lambda::Function'));
  const recorder = functions.find(
    ({ Properties }) => Properties.FunctionName === 'Tocsin-acme-record-observations',
  )!;
  const role = written(recorder.Properties.Role).replace('.Arn', '');
  return Object.values(ofType<{ Roles: unknown[]; PolicyDocument: PolicyDocument }>('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.map(written).includes(role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Action }) => listOf(Action).includes('lambda:InvokeFunction'))
    .flatMap(({ Resource }) => listOf(Resource).map(written));
}

describe('locations that only confirm', () => {
  it('have a probe, and neither a schedule nor a dead-man', () => {
    const text = JSON.stringify(synthesis.template);
    expect(text).toContain('Tocsin-acme-probe-asleep');
    const schedules = synthesis.ofType<{ Name: string }>('AWS::Scheduler::Schedule');
    const names = Object.values(schedules).map(({ Properties }) => Properties.Name);
    expect(names.filter((name) => name.startsWith('probe-'))).toEqual(['probe-home-60s-0']);
    expect(text).toContain('acme/self/blind-home-60s-0');
    expect(text).not.toContain('blind-asleep');
    const away = JSON.stringify(synthesis.templates['Tocsin-acme-us-west-2']);
    expect(away).toContain('Tocsin-acme-probe-us');
    expect(away).not.toContain('AWS::Scheduler::Schedule"');
  });

  it('are what the recorder may invoke, and nothing else', () => {
    expect(invocable(synthesis)).toEqual([
      expect.stringMatching(/^arn:[^:]+:lambda:eu-central-1:.*:function:Tocsin-acme-probe-asleep$/),
      expect.stringMatching(/^arn:[^:]+:lambda:us-west-2:.*:function:Tocsin-acme-probe-us$/),
    ]);
  });

  it('are in the alarm as voters', () => {
    const alarms = synthesis.ofType<{ AlarmDescription?: string }>('AWS::CloudWatch::Alarm');
    const texts = Object.values(alarms).map(({ Properties }) => Properties.AlarmDescription ?? '');
    expect(texts.join('\n')).toContain('seen from 2 of 3 locations');
  });

  it('are not there without need: then the recorder may invoke nothing', async () => {
    expect(invocable(await synthesize(configOf([monitor('website')])))).toEqual([]);
  });
});
