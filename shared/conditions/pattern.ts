/** A regular expression as it stands in a condition: `/source/flags`. */
const literal = /^\/((?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([a-z]*)/;

/** Length of the regular expression literal at the start of a text; undefined where there is none. */
export const patternLength = (text: string): number | undefined => literal.exec(text)?.[0].length;

/** Throws `SyntaxError` where the literal is no valid regular expression. */
export function compilePattern(text: string): RegExp {
  const [, source, flags] = literal.exec(text) ?? [];
  if (source === undefined) throw new SyntaxError(`${text} is no regular expression`);
  return new RegExp(source, flags);
}

/**
 * Whether a repetition without limit stands inside another, as in `(a+)+`: the commonest way to make matching take exponential
 * time. Others are stopped at run time.
 */
export function nestsRepetition(pattern: RegExp): boolean {
  const atoms =
    pattern.source.match(/\\.|\[(?:[^\]\\]|\\.)*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|[*+]|\{\d+,\d*\}|./gs) ??
    [];
  const groups = [false];
  let closed = false;
  for (const atom of atoms) {
    const repeats = atom === '*' || atom === '+' || /^\{\d+,\}$/.test(atom);
    if (closed && repeats) return true;
    if (repeats) groups[groups.length - 1] = true;
    if (atom.startsWith('(')) groups.push(false);
    closed = atom === ')' && (groups.pop() ?? false);
    if (closed) groups[groups.length - 1] = true;
  }
  return false;
}
