import { formatDuration } from '../duration.ts';
import type { Component } from '../monitors/observation.ts';
import { MonitorBadge } from './state.tsx';

const latencyText = (latency: number | undefined) => (latency === undefined ? '—' : formatDuration(latency));

/** What a target says of its parts. */
export const ComponentList = ({ components }: { components: readonly Component[] }) => (
  <table class="components">
    <thead>
      <tr>
        <th scope="col">Component</th>
        <th scope="col">Says</th>
        <th scope="col">Latency</th>
      </tr>
    </thead>
    <tbody>
      {components.map(({ name, outcome, latency, problem, message }) => (
        <tr>
          <th scope="row">{name}</th>
          <td>
            <MonitorBadge state={outcome} /> {message && <span class="soft">{message}</span>}
          </td>
          <td title={problem}>{problem ? 'not evaluable' : latencyText(latency)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
