type Write = typeof process.stdout.write;

/**
 * Hands everything written to standard output and error to `onLine`, line by line and in order.
 * @returns hands on a last line without an end
 */
export function captureOutput(onLine: (line: string) => void): () => void {
  const flushes = [process.stdout, process.stderr].map((stream) => {
    let rest = '';
    const write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') onLine(line);
      const written = typeof encoding === 'function' ? encoding : callback;
      if (typeof written === 'function') process.nextTick(written);
      return true;
    };
    stream.write = write as Write;
    return () => {
      if (rest !== '') onLine(rest);
      rest = '';
    };
  });
  return () => {
    for (const flush of flushes) flush();
  };
}
