const messages = {
  'not-found': (incident: string) => `there is no incident ${incident}`,
  'already-resolved': (incident: string) => `incident ${incident} is resolved already`,
  'already-open': (incident: string) => `incident ${incident} is open: there is nothing to reopen`,
  'not-acknowledged': (incident: string) => `incident ${incident} is not acknowledged by anybody`,
  'newer-incident': (incident: string) =>
    `incident ${incident} stays resolved: a later one is of the same group`,
  'unknown-person': (incident: string) =>
    `incident ${incident} can be assigned only to somebody of \`people\` in the config`,
};

type Refusal = keyof typeof messages;

/** Whether a reason for which nothing was changed is to be told as an error. */
export const isRefusal = (reason: string): reason is Refusal => Object.hasOwn(messages, reason);

/** An action that an incident does not allow. */
export class IncidentRefusal extends Error {
  readonly code: Refusal;
  constructor(code: Refusal, incident: string) {
    super(messages[code](incident));
    this.name = 'IncidentRefusal';
    this.code = code;
  }
}
