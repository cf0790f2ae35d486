/** What somebody wants cannot be: there is no such thing, or it may not be so. The message says what and why. */
export class Refusal extends Error {
  readonly code: 'not-found' | 'invalid';
  constructor(code: 'not-found' | 'invalid', message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
