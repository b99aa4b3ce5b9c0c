/** The variables that one template's text can see at a place; a slot is an index into the variables of one call. */
export class Scope {
  readonly names: string[] = ['$'];

  /** Number of variables now, to go back to with {@link leave}. */
  enter(): number {
    return this.names.length;
  }

  leave(size: number): void {
    this.names.length = size;
  }

  declare(name: string): number {
    return this.names.push(name) - 1;
  }

  /** -1 when there is no such variable. */
  find(name: string): number {
    return this.names.lastIndexOf(name);
  }
}
