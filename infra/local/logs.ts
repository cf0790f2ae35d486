/** Lines kept per function; the oldest beyond are forgotten. */
const keptLines = 500;

export interface LogLine {
  /** ISO 8601. */
  at: string;
  function: string;
  line: string;
}

/** What functions wrote lately. */
export interface Logs {
  add(line: LogLine): void;
  /** Oldest first, of one function or of all. */
  read(functionName?: string): LogLine[];
}

export function createLogs(): Logs {
  const byFunction = new Map<string, LogLine[]>();
  return {
    add(line) {
      const lines = byFunction.get(line.function) ?? [];
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      byFunction.set(line.function, lines);
    },
    read(functionName) {
      if (functionName !== undefined) return [...(byFunction.get(functionName) ?? [])];
      return [...byFunction.values()].flat().sort((a, b) => a.at.localeCompare(b.at));
    },
  };
}
