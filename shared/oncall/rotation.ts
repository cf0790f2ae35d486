/** Somebody who can be on call. */
export interface Person {
  id: string;
  name: string;
  /** Channel ids that reach this person. */
  contacts: string[];
  /** Slack member id, whose clicks are this person's. */
  slack?: string;
}

/** Who is on call, when. */
export interface Rotation {
  id: string;
  /** IANA name of the zone in which hand-overs happen, whatever the clocks do. */
  zone: string;
  /** A later layer stands above an earlier one, where it has somebody. */
  layers: RotationLayer[];
}

export interface RotationLayer {
  /** Ids of people, in the order of their turns. */
  people: string[];
  /** Local wall time of the first hand-over, `2026-01-05T09:00`. */
  start: string;
  /** Length of a turn in days or hours of the wall clock: a day is a day even where it has 23 hours. */
  turn: { unit: 'days' | 'hours'; count: number };
  /** Restricts the layer to parts of the week; absent: always. */
  hours?: { days: number[]; from: number; to: number }[];
}

/** Somebody takes a part of a rotation over. Kept in the incidents table: `OVERRIDES` / `<id>`. */
export interface Override {
  id: string;
  rotation: string;
  /** Person's id. */
  person: string;
  /** Epoch milliseconds; `from` inclusive, `to` exclusive. */
  from: number;
  to: number;
  /** Who entered it. */
  by: string;
}
