import { describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/incidents/incident.ts';
import type { Escalation } from '../../shared/routing/route.ts';
import { config, incident, now, record } from '../api/fixtures.ts';
import { host, open } from '../api/requests.ts';

const people = [
  { id: 'ana', name: 'Ana Ruiz', contacts: [] },
  { id: 'ben', name: 'Ben', contacts: [] },
];

const pageOf = async (state: Partial<Incident>, known = people) => {
  const shown = { ...record, incident: { ...incident, ...state } };
  const { get } = open({ config: { ...config, people: known }, readIncident: async () => shown });
  return (await get(`/incidents/${incident.id}`)).text();
};

/** What a reader sees: no tags, one space between words. */
const words = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('a form of an incident', () => {
  const sent = (verb: string, fields: Record<string, string>) => {
    const acted: unknown[] = [];
    const { post } = open({ act: async (id, action) => acted.push([id, action]) });
    const answer = post(`/incidents/${incident.id}/${verb}`, new URLSearchParams(fields), {
      origin: `https://${host}`,
    });
    return { acted, answer };
  };

  it.each([
    ['unacknowledge', {}, { type: 'unacknowledge' }],
    ['reopen', {}, { type: 'reopen' }],
    ['assign', { assignee: 'ana' }, { type: 'assign', assignee: 'ana' }],
    ['assign', { assignee: ' ' }, { type: 'assign' }],
    ['severity', { severity: 'high' }, { type: 'severity', severity: 'high' }],
  ])('%s with %j does that, and shows the incident', async (verb, fields, action) => {
    const { acted, answer } = sent(verb, fields);
    const { status, headers } = await answer;
    expect([status, headers.get('location')]).toEqual([303, `/incidents/${incident.id}`]);
    expect(acted).toEqual([[incident.id, { actor: 'console', ...action }]]);
  });

  it.each([
    ['severity', { severity: 'urgent' }, 'is one of info, warning, high, critical'],
    ['comments', { text: ' ' }, 'A comment has 1 to 2000 characters.'],
  ])('%s with %j says what it takes, and does nothing', async (verb, fields, said) => {
    const { acted, answer } = sent(verb, fields);
    const { status } = await answer;
    expect([status, acted]).toEqual([400, []]);
    expect(await (await answer).text()).toContain(said);
  });
});

describe('an incident', () => {
  it('can be assigned to people of the config, with whoever has it chosen', async () => {
    const html = await pageOf({ assignee: 'ana' });
    expect(html).toContain(
      '<option value="ana" selected="">Ana Ruiz</option><option value="ben">Ben</option>',
    );
    expect(words(html)).toContain('Assigned to Ana Ruiz');
  });

  it('can be assigned to whoever is named where the config knows nobody', async () => {
    expect(await pageOf({ assignee: 'Carla' }, [])).toMatch(/<input id="assignee"[^>]* value="Carla"/);
  });

  it('says whom its escalation tells next, and when', async () => {
    const policy: Escalation = {
      policy: 'platform',
      repeat: 0,
      acknowledgedFor: 0,
      steps: [
        { after: 300_000, notify: [{ rotation: 'platform' }] },
        { after: 900_000, notify: [{ person: 'ben' }, { channel: 'mail' }] },
      ],
    };
    const plan = { ...incident.plan, escalation: policy };
    const at = (step: number, due: Incident['due']) => pageOf({ plan, escalation: { round: 0, step }, due });
    expect(words(await at(0, { escalate: now + 240_000 }))).toContain(
      'Told next, unless somebody acknowledges whoever is on call in platform in 4 min, step 1 of 2 of platform',
    );
    expect(words(await at(1, {}))).toContain('Ben, mail step 2 of 2 of platform');
    expect(words(await pageOf({ plan }))).not.toContain('Told next');
  });

  it.each([
    [
      { suppressed: { by: 'silence', id: 'x', text: 'silenced by ana: deploy' } },
      'Nobody is told of it now: silenced by ana: deploy.',
    ],
    [{ flapping: true }, 'It comes and goes. Nobody is told until it rests.'],
    [{ reopened: 2 }, 'Opened again 2 times'],
  ] as const)('that is %j says so', async (state, said) => {
    expect(words(await pageOf(state))).toContain(said);
  });
});

it('the list says who is on it', async () => {
  const acknowledged = { ...incident, status: 'acknowledged' as const, acknowledgedBy: 'Ana' };
  const { get } = open({ listIncidents: async () => [acknowledged] });
  expect(words(await (await get('/incidents')).text())).toContain('open for 48 s , acknowledged by Ana');
});
