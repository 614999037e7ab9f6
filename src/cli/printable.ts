/**
 * Text from a submission made safe to print: one line, with every character that could steer a terminal or a CI log shown
 * instead of sent. C0 and C1 controls, DEL, and the Unicode marks that turn or hide text become `\u{…}`.
 */
export function printable(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => (character === "\n" || character === "\t" ? " " : shown(character)),
  );
}

function shown(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
