/** Where in a file something is wrong; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** Wrong usage, or a submission, lab or quiz that cannot be read: exit code 2. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
  readonly place: Place | undefined;

  constructor(message: string, place?: Place) {
    super(message);
    this.place = place;
  }
}

/** `file:line:column`, as far as it is known. */
export function placeOf(place: Place): string {
  const { file, line, column } = place;
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** One line for people: the place first, as compilers print it. */
export function complaintOf(error: InvalidInput): string {
  return error.place === undefined ? error.message : `${placeOf(error.place)}: ${error.message}`;
}
