import { incidentEnvironment } from '../../shared/aws/incident-environment.ts';

/** Environment of reconcile, set by its construct. */
export const environment = incidentEnvironment;

export const readEnvironment = () => environment.parse(process.env);
