import { deploymentText } from '../deployments/told.ts';
import { formatDuration } from '../duration.ts';
import type { Incident } from '../incidents/incident.ts';
import { incidentPath, OutwardLink } from './links.tsx';

/** What was deployed shortly before an incident opened. Nothing where nothing was. */
export const Changes = ({ incident: { changes = [], openedAt } }: { incident: Incident }) =>
  changes.length > 0 && (
    <section class="panel">
      <h2>What changed before</h2>
      <ul class="pings">
        {changes.map((deployment) => (
          <li>
            {deployment.link ? (
              <OutwardLink to={deployment.link}>{deploymentText(deployment)}</OutwardLink>
            ) : (
              deploymentText(deployment)
            )}{' '}
            <span class="soft">{`${formatDuration(openedAt - deployment.at)} before`}</span>
          </li>
        ))}
      </ul>
    </section>
  );

/** What is written about an incident: for users while it lasts, for ourselves when it is over. */
export const Documents = ({ incident, draft }: { incident: Incident; draft: string }) => (
  <section class="panel">
    <h2>Documents</h2>
    <p>
      <a href={`/api${incidentPath(incident.id)}/post-mortem`}>Post-mortem as Markdown</a>{' '}
      <span class="soft">with what is known filled in</span>
    </p>
    <details>
      <summary>Draft of a status post</summary>
      <pre>{draft}</pre>
    </details>
  </section>
);
