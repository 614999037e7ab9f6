// After apimachinery pkg/util/yaml/decoder.go.

/** A stream that starts with `{` is a row of JSON values; anything else is YAML, split at lines that begin with `---`. */
export function splitDocuments(stream: string): readonly string[] {
  if (stream.trimStart().startsWith("{")) return splitJson(stream);
  return stream
    .split(/^---.*$/m)
    .map((part) => part.replace(/^\n/, ""))
    .filter((part) => !isBlank(part));
}

function isBlank(document: string): boolean {
  return document.split("\n").every((line) => line.trim() === "" || line.trim().startsWith("#"));
}

function splitJson(stream: string): readonly string[] {
  const documents: string[] = [];
  let [depth, start, inText] = [0, 0, false];
  for (let index = 0; index < stream.length; index++) {
    const character = stream[index];
    if (inText) {
      if (character === "\\") index++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) {
      documents.push(stream.slice(start, index + 1));
      start = index + 1;
    }
  }
  return isBlank(stream.slice(start)) ? documents : [...documents, stream.slice(start)];
}
