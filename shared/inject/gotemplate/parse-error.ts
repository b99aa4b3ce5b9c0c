/** Stops the parser; `compileTemplate` turns it into a result. */
export class ParseFailure extends Error {
  readonly line: number;
  /** Index into the template text. */
  readonly at: number;

  constructor(message: string, line: number, at: number) {
    super(message);
    this.line = line;
    this.at = at;
  }
}
