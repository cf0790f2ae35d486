import type { ApiSettings } from '../monitors/api/settings.ts';
import type { BrowserSettings } from '../monitors/browser/settings.ts';
import { nameOf } from '../monitors/browser/step-names.ts';
import type { StepResult } from '../monitors/observation.ts';
import { MonitorBadge } from './state.tsx';

/** The requests of one attempt, or what it did on a page, in their order. */
export const StepList = ({ steps }: { steps: readonly StepResult[] }) => {
  const haveStatus = steps.some(({ status }) => status !== undefined);
  return (
    <table class="components">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Outcome</th>
          {haveStatus && <th scope="col">Status</th>}
          <th scope="col">Time</th>
        </tr>
      </thead>
      <tbody>
        {steps.map(({ name, cleanup, outcome, message, status, responseTime }) => (
          <tr>
            <th scope="row">
              {name} {cleanup && <small class="soft">cleanup</small>}
            </th>
            <td>
              {outcome === 'unknown' ? <span class="soft">not taken</span> : <MonitorBadge state={outcome} />}{' '}
              {message && <span class="soft">{message}</span>}
            </td>
            {haveStatus && <td>{status ?? '—'}</td>}
            <td>{responseTime === undefined ? '—' : `${Math.round(responseTime)} ms`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** What a browser does, and what it expects. */
export const PagePlan = ({ settings: { url, steps } }: { settings: BrowserSettings }) => (
  <ol>
    <li>
      open <code>{url}</code>
    </li>
    {steps.map((step) => (
      <li>{nameOf(step)}</li>
    ))}
  </ol>
);

/** What an API monitor asks for, and what it expects of each answer. */
export const StepPlan = ({ settings: { steps, cleanup } }: { settings: ApiSettings }) => (
  <ol>
    {[...steps, ...cleanup].map(({ name, method, url, expect }, n) => (
      <li>
        {name}
        {n >= steps.length && ', always in the end'}:{' '}
        <code>
          {method} {url}
        </code>
        {expect.map(({ line }) => (
          <>
            , <code>{line}</code>
          </>
        ))}
      </li>
    ))}
  </ol>
);
