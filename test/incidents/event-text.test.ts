import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../shared/incidents/event-message.ts';
import {
  emailText,
  smsLimit,
  smsText,
  subjectLimit,
  subjectText,
} from '../../shared/incidents/event-text.ts';
import type { IncidentEvent } from '../../shared/incidents/incident.ts';
import { transition } from '../../shared/incidents/transition.ts';
import { about, sceneAt, signal, start } from './signals.ts';

const evidence = {
  location: 'home',
  slot: start - 10_000,
  observation: {
    monitor: 'website',
    at: start - 10_000,
    outcome: 'down' as const,
    reason: 'condition-failed' as const,
    message: 'two of three conditions failed',
    status: 503,
    responseTime: 3_120,
    timings: { dns: 2, connect: 11, firstByte: 3_100, transfer: 4 },
    failures: [
      { line: 'status == 200', seen: '503' },
      { line: 'json $.status == "healthy"', problem: 'body is not JSON' },
    ],
  },
};

function eventOf(seconds: number, more: Partial<IncidentEvent['incident']> = {}): IncidentEvent {
  const down = signal('website', 'ALARM', 0);
  const scene = sceneAt(start, {
    links: (id: string) => ({
      incident: `https://tocsin.example.com/incidents/${id}`,
      dashboard: 'https://cw/d',
    }),
  });
  const opened = transition({}, { type: 'alarm', signal: down, about: about(down), evidence }, scene);
  const decided =
    seconds === 0
      ? opened
      : transition(
          { incident: opened.incident!, alarm: opened.alarms[0]!.after },
          { type: 'alarm', signal: signal('website', 'OK', seconds), about: about(down) },
          scene,
        );
  const effect = decided.effects.find(({ kind }) => kind === 'publish');
  if (effect?.kind !== 'publish') throw new Error('no event');
  return { ...effect.event, incident: { ...effect.event.incident, ...more } };
}

describe('the mail of an SNS subscriber', () => {
  test('says what, since when, why, severity, service, runbook and where to look', () => {
    const mail = emailText(eventOf(0));
    expect(mail).toMatch(/^CRITICAL: website is down\n/);
    for (const part of [
      '2026-11-20 05:10:00 UTC',
      'status == 200',
      '503',
      'json $.status == "healthy"',
      'body is not JSON',
      'DNS 2 ms · connect 11 ms · first byte 3100 ms',
      'Severity: critical',
      'Service: web',
      'Runbook: https://wiki.example.com/runbooks/website',
      'Incident: https://tocsin.example.com/incidents/20261120-',
      'Dashboard: https://cw/d',
    ])
      expect(mail).toContain(part);
  });

  test('the resolve says how long it lasted', () => {
    const event = eventOf(200);
    expect(emailText(event)).toMatch(/^RESOLVED: website is down\n/);
    expect(emailText(event)).toContain('after 3 min 20 s');
    expect(smsText(event)).toMatch(/^RESOLVED website is down after 3 min 20 s https:\S+$/);
  });
});

describe('the short forms', () => {
  test('are what a person reads first', () => {
    const event = eventOf(0);
    expect(subjectText(event)).toBe('[CRITICAL] website is down (acme)');
    expect(smsText(event)).toMatch(
      /^CRITICAL website is down since 05:10 UTC https:\/\/tocsin\.example\.com\/incidents\/20261120-\w{8}$/,
    );
  });

  test('are ASCII in one line within their limits, and a link is whole or not there', () => {
    const titles = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constant('Größe: 🔥\r\nBcc: x'),
    );
    const links = fc.integer({ min: 10, max: 200 }).map((length) => `https://x/${'y'.repeat(length)}`);
    fc.assert(
      fc.property(titles, links, fc.constantFrom(0, 61), (title, link, seconds) => {
        const event = { ...eventOf(seconds, { title }), links: { incident: link } };
        expect(subjectText(event)).toMatch(/^[\x20-\x7e]+$/);
        expect(subjectText(event).length).toBeLessThanOrEqual(subjectLimit);
        const sms = smsText(event);
        expect(sms).toMatch(/^[\x20-\x7e]+$/);
        expect(sms.length).toBeLessThanOrEqual(smsLimit);
        expect(sms).toContain(seconds === 0 ? 'since 05:10 UTC' : 'after 1 min 1 s');
        expect(sms.includes('https://')).toBe(sms.endsWith(link));
      }),
    );
  });
});

describe('the SNS message', () => {
  test('has a form for programs, for mail and for SMS, and attributes to filter by', () => {
    const event = eventOf(0);
    const { Message, MessageStructure, MessageAttributes } = messageOf(event);
    const forms = JSON.parse(Message);
    expect(MessageStructure).toBe('json');
    expect(JSON.parse(forms.default)).toEqual(event);
    expect(forms.email).toBe(emailText(event));
    expect(forms.sms).toBe(smsText(event));
    expect(MessageAttributes).toEqual({
      type: { DataType: 'String', StringValue: 'firing' },
      severity: { DataType: 'String', StringValue: 'critical' },
      system: { DataType: 'String', StringValue: 'acme' },
      reason: { DataType: 'String', StringValue: 'first' },
      monitor: { DataType: 'String', StringValue: 'website' },
      receivers: { DataType: 'String.Array', StringValue: '["ops","oncall"]' },
    });
  });

  test('names no receivers where nobody is notified, and no monitor where there is none', () => {
    const event = { ...eventOf(0, { subject: { type: 'self', id: 'x' } }), receivers: [] };
    expect(Object.keys(messageOf(event).MessageAttributes)).toEqual(['type', 'severity', 'system', 'reason']);
  });
});
