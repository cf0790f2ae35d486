/** Why there is no test: no monitor is what was asked for, or its alarm cannot be set as things are. */
type Code = 'nothing-fits' | 'not-now';

/** A test alert that cannot be sent. The message says why; where it has a second line, that says what to do. */
export class TestRefusal extends Error {
  readonly code: Code;
  constructor(code: Code, message: string) {
    super(message);
    this.name = 'TestRefusal';
    this.code = code;
  }
}
