import { formatDuration } from '../duration.ts';
import type { ResponseReport, Responses } from '../responses/responses.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { SeverityTag } from './state.tsx';

interface ResponsesPageProps {
  report: ResponseReport;
  /** Days that are looked at, and the service; undefined for all. */
  days: number;
  service: string | undefined;
  /** Those of the config. */
  services: readonly string[];
  surroundings: Surroundings;
}

/** Spans that one may choose, in days. */
export const spans = [7, 30, 90] as const;

/** How incidents were answered: how soon, how long they lasted, how far apart they were. */
export const ResponsesPage = ({ report, days, service, services, surroundings }: ResponsesPageProps) => (
  <Layout title="Response" section="/responses" surroundings={surroundings}>
    <h1>Response</h1>
    <Choice days={days} service={service} services={services} />
    <Figures report={report} />
    {report.incidents === 0 ? (
      <Empty>No incident opened in these {days} days. Tests do not count.</Empty>
    ) : (
      <>
        <section class="panel">
          <h2>By severity</h2>
          <Table
            what="Severity"
            rows={report.bySeverity.map(({ severity, target, ...row }) => ({
              name: <SeverityTag severity={severity} />,
              target,
              ...row,
            }))}
          />
        </section>
        <section class="panel">
          <h2>By service</h2>
          <Table
            what="Service"
            rows={report.byService.map((row) => ({ name: row.service ?? 'no label “service”', ...row }))}
          />
        </section>
      </>
    )}
    <Definitions />
  </Layout>
);

const Choice = ({ days, service, services }: Pick<ResponsesPageProps, 'days' | 'service' | 'services'>) => (
  <form method="get" action="/responses" class="actions">
    <select name="days" aria-label="Days">
      {spans.map((span) => (
        <option value={span} selected={span === days}>
          {`the last ${span} days`}
        </option>
      ))}
    </select>
    {services.length > 0 && (
      <select name="service" aria-label="Service">
        <option value="">all services</option>
        {services.map((one) => (
          <option value={one} selected={one === service}>
            {one}
          </option>
        ))}
      </select>
    )}
    <button type="submit">Show</button>
  </form>
);

/** A mean, or that there is nothing to average. */
const time = (ms: number | undefined) => (ms === undefined ? '—' : formatDuration(ms));

const Figures = ({ report }: { report: ResponseReport }) => (
  <dl class="figures panel">
    <Figure
      label="Incidents"
      value={report.incidents.toString()}
      note={report.open > 0 ? `${report.open} still open` : 'none open'}
    />
    <Figure
      label="Time to acknowledge"
      value={time(report.mtta)}
      note={`${report.unacknowledged} not acknowledged`}
    />
    <Figure
      label="Time to resolve"
      value={time(report.mttr)}
      note={report.reopened > 0 ? `${report.reopened} opened again` : 'from opening to the end'}
    />
    <Figure
      label="Between failures"
      value={time(report.mtbf)}
      note={`${report.failures} failures, ${time(report.downtime)} down`}
    />
    <Figure
      label="Answered in time"
      value={inTime(report)}
      note={report.waiting > 0 ? `${report.waiting} waiting` : 'within their targets'}
    />
  </dl>
);

const Figure = ({ label, value, note }: { label: string; value: string; note: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>
      {value} <small>{note}</small>
    </dd>
  </div>
);

/** `4 of 5`; those that may still be in time do not count yet. */
function inTime({ inTime, late }: Responses): string {
  return inTime + late === 0 ? '—' : `${inTime} of ${inTime + late}`;
}

interface Row extends Responses {
  name: string | ReturnType<typeof SeverityTag>;
  target?: number | undefined;
}

const Table = ({ what, rows }: { what: string; rows: readonly Row[] }) => (
  <div class="scroll">
    <table class="numbers">
      <thead>
        <tr>
          <th scope="col">{what}</th>
          <th scope="col">Incidents</th>
          <th scope="col">Acknowledged</th>
          <th scope="col">Time to acknowledge</th>
          <th scope="col">Time to resolve</th>
          <th scope="col">In time</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, target, ...row }) => (
          <tr>
            <td>{name}</td>
            <td>{row.incidents}</td>
            <td>{row.acknowledged}</td>
            <td>{time(row.mtta)}</td>
            <td>{time(row.mttr)}</td>
            <td>
              {inTime(row)} {target !== undefined && <small>{`within ${formatDuration(target)}`}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Definitions = () => (
  <details>
    <summary>How this is counted</summary>
    <p class="soft">
      An incident belongs to the time in which it opened. Time to acknowledge is from opening to the first
      acknowledgement, over those that were acknowledged; time to resolve from opening to the last end, as an
      incident that is opened again goes on. Time between failures is the time that was neither downtime nor
      planned work, per failure: downtimes that overlap count once, and what is degraded or about Tocsin
      itself is no failure. In time is what was acknowledged, or over, within the target of its severity.
      Tests are left out.
    </p>
  </details>
);
