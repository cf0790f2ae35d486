const messages = {
  'not-found': (incident: string) => `there is no incident ${incident}`,
  'already-resolved': (incident: string) => `incident ${incident} is resolved already`,
};

/** An action that an incident does not allow. */
export class IncidentRefusal extends Error {
  readonly code: keyof typeof messages;
  constructor(code: keyof typeof messages, incident: string) {
    super(messages[code](incident));
    this.name = 'IncidentRefusal';
    this.code = code;
  }
}
