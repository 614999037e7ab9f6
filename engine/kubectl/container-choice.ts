// After kubectl pkg/cmd/util/podcmd/podcmd.go.
import { refusal } from "./failure.ts";
import { rowsAt, textAt, type Fields } from "./json.ts";
import { containersOf } from "./pods-of.ts";
import { complain, type Talk } from "./talk.ts";

export const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** `web, setup (init), dbg (ephem)`. */
export function allContainerNames(pod: Fields): string {
  const names = (part: string, suffix: string): readonly string[] =>
    rowsAt(pod, "spec", part).map((each) => textAt(each, "name") + suffix);
  return [
    ...names("containers", ""),
    ...names("ephemeralContainers", " (ephem)"),
    ...names("initContainers", " (init)"),
  ].join(", ");
}

/** The container of that name; without a name the default one, of which stderr tells when there are several. */
export function* chooseContainer(pod: Fields, name: string, quiet: boolean): Talk<string> {
  if (name !== "") {
    if (containersOf(pod).some((each) => each["name"] === name)) return name;
    throw refusal(
      `container ${name} is not valid for pod ${textAt(pod, "metadata", "name")} out of: ${allContainerNames(pod)}`,
    );
  }
  const annotated = textAt(pod, "metadata", "annotations", DEFAULT_CONTAINER);
  if (annotated !== "" && containersOf(pod).some((each) => each["name"] === annotated)) return annotated;
  const [first] = rowsAt(pod, "spec", "containers");
  const chosen = textAt(first, "name");
  if (containersOf(pod).length > 1 && !quiet)
    yield* complain(`Defaulted container "${chosen}" out of: ${allContainerNames(pod)}\n`);
  return chosen;
}
