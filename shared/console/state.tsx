import type { MonitorState } from '../history/summary.ts';
import type { AlarmState, IncidentStatus } from '../incidents/incident.ts';
import type { Severity } from '../severity.ts';
import type { SilenceState } from '../silences/silence.ts';

/** How good something is: decides colour and shape together, so that neither is needed alone. */
type Tone = 'good' | 'warn' | 'bad' | 'idle';

const marks: Record<Tone, string> = { good: '✓', warn: '!', bad: '✕', idle: '–' };

interface BadgeProps {
  tone: Tone;
  children: string;
}

/** A word with a mark: read without colour, too. */
const Badge = ({ tone, children }: BadgeProps) => (
  <span class={`badge ${tone}`}>
    <span class="mark" aria-hidden="true">
      {marks[tone]}
    </span>
    {children}
  </span>
);

const monitorTones: Record<MonitorState, Tone> = {
  up: 'good',
  degraded: 'warn',
  down: 'bad',
  unknown: 'idle',
  paused: 'idle',
};

export const monitorTone = (state: MonitorState) => monitorTones[state];

export const MonitorBadge = ({ state }: { state: MonitorState }) => (
  <Badge tone={monitorTones[state]}>{state}</Badge>
);

const statusTones: Record<IncidentStatus, Tone> = {
  triggered: 'bad',
  acknowledged: 'warn',
  resolved: 'good',
};

export const statusTone = (status: IncidentStatus) => statusTones[status];

export const StatusBadge = ({ status }: { status: IncidentStatus }) => (
  <Badge tone={statusTones[status]}>{status}</Badge>
);

const alarmTones: Record<AlarmState, Tone> = { OK: 'good', ALARM: 'bad', INSUFFICIENT_DATA: 'idle' };
const alarmWords: Record<AlarmState, string> = { OK: 'OK', ALARM: 'in alarm', INSUFFICIENT_DATA: 'no data' };

export const AlarmBadge = ({ state }: { state: AlarmState }) => (
  <Badge tone={alarmTones[state]}>{alarmWords[state]}</Badge>
);

const silenceTones: Record<SilenceState, Tone> = { active: 'idle', pending: 'warn', expired: 'good' };

export const SilenceBadge = ({ state }: { state: SilenceState }) => (
  <Badge tone={silenceTones[state]}>{state}</Badge>
);

/** Of a maintenance window. */
export const WindowBadge = ({ isOn }: { isOn: boolean }) => (
  <Badge tone={isOn ? 'idle' : 'warn'}>{isOn ? 'on' : 'to come'}</Badge>
);

export const SeverityTag = ({ severity }: { severity: Severity }) => (
  <span class={`severity ${severity}`}>{severity}</span>
);
