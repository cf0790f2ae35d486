import type { Config, Location } from '../shared/config/config.ts';
import { regionAwayFromHome } from '../shared/config/locations.ts';

/** Whether a location's probe is in the Region of the main stack. */
export const isAtHome = (config: Config, location: string): boolean =>
  config.locations.some((each) => each.id === location && regionAwayFromHome(config, each) === undefined);

/** Locations whose probes are in the Region of the main stack. */
export const locationsAtHome = (config: Config): Location[] =>
  config.locations.filter(({ id }) => isAtHome(config, id));

/** Locations elsewhere, by Region. */
export function locationsAway(config: Config): Map<string, Location[]> {
  const away = config.locations.filter(({ id }) => !isAtHome(config, id));
  return Map.groupBy(away, (location) => regionAwayFromHome(config, location)!);
}
