/**
 * What a condition may ask of an observation. One entry drives the parser, the typed builders, validation and the docs.
 * `duration` values are milliseconds, `days` are days, `percent` is 5 for 5%; `json` may be any JSON value; `text` compares as text,
 * `word` is one of `words`.
 */
export interface Property {
  type: 'number' | 'duration' | 'days' | 'percent' | 'text' | 'word' | 'json';
  /** What the property takes between its name and the operator, e.g. a header's name. */
  argument?: 'header name' | 'JSON path' | 'component name';
  /** All that a `word` can be. */
  words?: readonly string[];
  description: string;
}

/** The properties of one monitor kind, by name. */
export type Properties = Record<string, Property>;

/**
 * A property's value in an observation: `undefined` where the answer has none (no such header), `problem` where that cannot be
 * told (the body is not JSON).
 */
export type Seen = { value: unknown } | { problem: string };

/**
 * Looks a property up in what a check measured. A property that takes a JSON path gives the whole document: `judge` follows
 * the path, because `[*]` asks for every element.
 */
export type Look = (property: string, argument: string | undefined) => Seen;
