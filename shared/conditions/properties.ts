/**
 * What a condition may ask of an observation. One entry drives the parser, the typed builders, validation and the docs.
 * `duration` values are milliseconds, `days` are days; `json` may be any JSON value; `text` compares as text.
 */
export interface Property {
  type: 'number' | 'duration' | 'days' | 'text' | 'json';
  /** What the property takes between its name and the operator, e.g. a header's name. */
  argument?: 'header name' | 'JSON path' | 'component name';
  description: string;
}

/** The properties of one monitor kind, by name. */
export type Properties = Record<string, Property>;

/** A property's value in an observation, or why there is none. */
export type Seen = { value: unknown } | { problem: string };

/** Looks a property up in what a check measured. */
export type Look = (property: string, argument: string | undefined) => Seen;
