import type { Child } from 'hono/jsx';
import type { Incident } from '../incidents/incident.ts';
import type { Person } from '../oncall/rotation.ts';
import { severities } from '../severity.ts';
import { incidentPath } from './links.tsx';
import { silencePath } from './silences-page.tsx';

interface IncidentActionsProps {
  incident: Incident;
  /** Those of the config, to one of whom it can be assigned; without any, to whoever is named. */
  people: readonly Person[];
}

/** What a person can do about an incident as it is now. */
export const IncidentActions = ({ incident, people }: IncidentActionsProps) => {
  const { status } = incident;
  const isOpen = status !== 'resolved';
  return (
    <section class="actions" aria-label="Actions">
      {status === 'triggered' && <Act incident={incident} path="acknowledge" words="Acknowledge" primary />}
      {isOpen && <Act incident={incident} path="resolve" words="Resolve" />}
      {status === 'acknowledged' && <Act incident={incident} path="unacknowledge" words="Hand back" />}
      {!isOpen && <Act incident={incident} path="reopen" words="Reopen" />}
      {isOpen && (
        <a class="button" href={silencePath(incident)}>
          Silence
        </a>
      )}
      <Unfolding incident={incident} path="assign" words="Assign">
        <label for="assignee">To</label>
        <Assignee assignee={incident.assignee} people={people} />
      </Unfolding>
      {isOpen && (
        <Unfolding incident={incident} path="severity" words="Change severity">
          <label for="new-severity">To</label>
          <select id="new-severity" name="severity">
            {severities.toReversed().map((severity) => (
              <option value={severity} selected={severity === incident.severity}>
                {severity}
              </option>
            ))}
          </select>
        </Unfolding>
      )}
      <form method="post" action={`${incidentPath(incident.id)}/comments`} class="comment">
        <label for="text">Comment</label>
        <input
          id="text"
          name="text"
          required
          maxlength={2_000}
          autocomplete="off"
          placeholder="What you know or did"
        />
        <button type="submit">Add</button>
      </form>
    </section>
  );
};

interface ActProps {
  incident: Incident;
  path: string;
  words: string;
  primary?: boolean;
}

const Act = ({ incident, path, words, primary = false }: ActProps) => (
  <form method="post" action={`${incidentPath(incident.id)}/${path}`}>
    <button type="submit" {...(primary && { class: 'primary' })}>
      {words}
    </button>
  </form>
);

const Unfolding = ({ incident, path, words, children }: ActProps & { children: Child }) => (
  <details id={path} class="pausing">
    <summary>{words}</summary>
    <form method="post" action={`${incidentPath(incident.id)}/${path}`}>
      {children}
      <button type="submit">{words}</button>
    </form>
  </details>
);

interface AssigneeProps {
  assignee: string | undefined;
  people: readonly Person[];
}

const Assignee = ({ assignee, people }: AssigneeProps) =>
  people.length === 0 ? (
    <input
      id="assignee"
      name="assignee"
      maxlength={100}
      autocomplete="off"
      value={assignee}
      placeholder="A name"
    />
  ) : (
    <select id="assignee" name="assignee">
      <option value="">nobody</option>
      {people.map(({ id, name }) => (
        <option value={id} selected={id === assignee}>
          {name}
        </option>
      ))}
    </select>
  );
