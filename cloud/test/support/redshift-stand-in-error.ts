/** An answer of the service that is an exception, by its name; or what a statement fails with, by its message. */
export class StandInError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** A statement that is right for PostgreSQL and wrong for Redshift, or beyond what the stand-in can do. */
export function refused(reason: string): StandInError {
  return new StandInError('RefusedStatement', `ERROR: ${reason}`);
}
