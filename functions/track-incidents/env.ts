import { incidentEnvironment } from '../../shared/aws/incident-environment.ts';

/** Environment of track-incidents, set by its construct. */
export const environment = incidentEnvironment;

export const readEnvironment = () => environment.parse(process.env);
