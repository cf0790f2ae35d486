import type { DemoState } from '../api/ports.ts';
import { Empty, Layout, type Surroundings } from './layout.tsx';
import { OutwardLink } from './links.tsx';

const switches = [
  { fault: 'none', label: 'Healthy', effect: 'Everything answers as it should.' },
  { fault: 'errors', label: 'Errors', effect: 'Its database is gone: /health answers 503, unhealthy.' },
  { fault: 'latency', label: 'Latency', effect: 'Every answer takes 3 seconds.' },
  { fault: 'memory', label: 'Memory pressure', effect: '64 MB are really taken, and /health answers 503.' },
];

interface DemoPageProps {
  /** Undefined where no demo site runs. */
  demo: DemoState | undefined;
  surroundings: Surroundings;
}

/** Breaks the demo site, to see what happens. The local runtime passes the switch on to it. */
export const DemoPage = ({ demo, surroundings }: DemoPageProps) => (
  <Layout title="Demo site" section="/demo" surroundings={surroundings}>
    <h1>{headline(demo)}</h1>
    {demo ? (
      <>
        <p>
          Break <OutwardLink to={demo.url} />, then watch <a href="/">its monitor</a> fail, the{' '}
          <a href="/alarms">alarm</a> fire, the <a href="/incidents">incident</a> open and the{' '}
          <a href="/outbox">outbox</a> fill. It takes half a minute.
        </p>
        <form method="post" action="/local/demo">
          <ul class="switches">
            {switches.map(({ fault, label, effect }) => (
              <li>
                <button
                  type="submit"
                  name="fault"
                  value={fault}
                  aria-pressed={fault === demo.fault ? 'true' : 'false'}
                >
                  {label}
                </button>
                <span>{effect}</span>
              </li>
            ))}
          </ul>
        </form>
      </>
    ) : (
      <Empty>
        The demo site is started by <code>npm start</code> when a monitor of the config watches it, at
        http://localhost:4510.
      </Empty>
    )}
  </Layout>
);

function headline(demo: DemoState | undefined): string {
  if (!demo) return 'No demo site is running';
  return demo.fault === 'none' ? 'The demo site is healthy' : `The demo site is broken: ${demo.fault}`;
}
