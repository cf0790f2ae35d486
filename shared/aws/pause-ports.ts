import { secretPrefix } from '../config/secret.ts';
import { applyToIncident, type IncidentPorts } from '../incidents/apply.ts';
import { endAlerts } from '../incidents/end-alerts.ts';
import { noticeOf, pauseNotice } from '../pauses/notice.ts';
import type { PausePorts } from '../pauses/pausing.ts';
import { alarmSwitch } from './cloudwatch.ts';
import type { Aws } from './environment.ts';
import type { HistoryTable } from './history-table.ts';
import { putParameter } from './parameters.ts';

/** The real world of pausing, beside that of incidents. */
export function connectPauses(aws: Aws, incidents: IncidentPorts, history: HistoryTable): PausePorts {
  const { config, now, table } = incidents;
  const { readPauses, putPause, deletePause } = history;
  return {
    config,
    now,
    readPauses,
    putPause,
    deletePause,
    tellProbes: (paused) => putParameter(aws, secretPrefix(config) + pauseNotice, noticeOf(paused, now())),
    ...alarmSwitch(aws),
    readOpen: table.readOpen,
    resolve: (incident, actor, text) =>
      applyToIncident(incidents, incident, { type: 'resolve', actor, text }),
    endAlerts: (alarms, reason) => endAlerts(incidents, alarms, reason),
  };
}
