import type { Severity } from '../../severity.ts';
import type { Notice } from '../notice.ts';

const severityMarks: Record<Severity, string> = { critical: '🔴', high: '🟠', warning: '🟡', info: '🔵' };

/** One character that says it from across the room. */
export function markOf(state: Notice['state'], severity: Severity): string {
  switch (state) {
    case 'firing':
      return severityMarks[severity];
    case 'resolved':
      return '✅';
    case 'acknowledged':
      return '👀';
    case 'assigned':
      return '👤';
    case 'severity-changed':
      return '↕️';
    case 'digest':
      return '📋';
    case 'commented':
      return '💬';
    case 'test':
      return '🧪';
  }
}

const colors: Record<Severity | 'resolved', string> = {
  critical: '#d92d20',
  high: '#f97316',
  warning: '#eab308',
  info: '#3b82f6',
  resolved: '#16a34a',
};

/** Colour of a message in a chat: that of the severity until it is over. */
export const colorOf = (state: Notice['state'], severity: Severity): string =>
  colors[state === 'resolved' ? state : severity];
