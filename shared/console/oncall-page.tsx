import type { Roster } from '../api/oncall.ts';
import { nameOf } from '../oncall/names.ts';
import type { Person } from '../oncall/rotation.ts';
import { wallText } from '../wall-time.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { Ago } from './time.tsx';

interface OncallPageProps {
  rosters: readonly Roster[];
  people: readonly Person[];
  surroundings: Surroundings;
}

/** Who is on call now and next, who stands in for whom, and a form for that. */
export const OncallPage = ({ rosters, people, surroundings }: OncallPageProps) => (
  <Layout title="On call" section="/oncall" surroundings={surroundings}>
    <h1>On call</h1>
    {rosters.length === 0 && (
      <Empty>
        The config has no rotations. With <code>people</code>, <code>rotations</code> and{' '}
        <code>escalations</code> in it, whoever is told when nobody acknowledges is shown here.
      </Empty>
    )}
    {rosters.map((roster) => (
      <section class="panel">
        <h2>{roster.rotation.id}</h2>
        <Present roster={roster} people={people} now={surroundings.now} />
        <p class="soft">The next two weeks, in {roster.rotation.zone}</p>
        <Shifts roster={roster} people={people} />
        <OverrideForm roster={roster} people={people} />
      </section>
    ))}
  </Layout>
);

type Shown = Pick<OncallPageProps, 'people'> & { roster: Roster };

const Present = ({ roster: { now: shift, next }, people, now }: Shown & { now: number }) => (
  <dl class="facts">
    <div>
      <dt>Now</dt>
      <dd>{shift ? nameOf(people, shift.person) : 'nobody'}</dd>
    </div>
    <div>
      <dt>Next</dt>
      <dd>
        {next ? nameOf(people, next.person) : 'nobody else'} {next && <Ago at={next.from} now={now} />}
      </dd>
    </div>
  </dl>
);

const Shifts = ({ roster: { rotation, shifts, overrides }, people }: Shown) => (
  <ul class="rows">
    {shifts.map(({ person, from, to, override }) => {
      const made = overrides.find(({ id }) => id === override);
      return (
        <li>
          <strong>{nameOf(people, person)}</strong>
          {made && <span>stands in, as {made.by} entered</span>}
          <span class="soft">
            {wallText(rotation.zone, from)} to {wallText(rotation.zone, to)}
          </span>
          {made && (
            <form method="post" action={`/oncall/overrides/${encodeURIComponent(made.id)}/remove`}>
              <button type="submit">Remove</button>
            </form>
          )}
        </li>
      );
    })}
  </ul>
);

const lengths = { '1h': '1 hour', '4h': '4 hours', '8h': '8 hours', '1d': '1 day', '7d': '1 week' };

const OverrideForm = ({ roster: { rotation }, people }: Shown) => (
  <details class="pausing">
    <summary>Stand in</summary>
    <form method="post" action="/oncall/overrides">
      <input type="hidden" name="rotation" value={rotation.id} />
      <label for={`person-${rotation.id}`}>Who</label>
      <select id={`person-${rotation.id}`} name="person">
        {people.map(({ id, name }) => (
          <option value={id}>{name}</option>
        ))}
      </select>
      <label for={`from-${rotation.id}`}>From</label>
      <input id={`from-${rotation.id}`} name="from" type="datetime-local" />
      <label for={`lasts-${rotation.id}`}>For</label>
      <select id={`lasts-${rotation.id}`} name="lasts">
        {Object.entries(lengths).map(([value, label]) => (
          <option value={value} selected={value === '8h'}>
            {label}
          </option>
        ))}
      </select>
      <button type="submit">Take over</button>
      <small>From now on where no time is given; times are those of {rotation.zone}.</small>
    </form>
  </details>
);
