import { boolFlag, isGiven, listFlag, textFlag } from "./flag-set.ts";
import type { Selection } from "./selection.ts";
import type { Session } from "./talk.ts";

/** The selection that the usual flags of a command describe: -f, -k, -R, -l, --field-selector, --all, -A, -n. */
export function selectionOf(session: Session, args: readonly string[] = session.args): Selection {
  const { flags, config } = session;
  const allNamespaces = boolFlag(flags, "all-namespaces");
  const labelSelector = textFlag(flags, "selector");
  const fieldSelector = textFlag(flags, "field-selector");
  const kustomize = textFlag(flags, "kustomize");
  return {
    args,
    namespace: allNamespaces ? "" : config.namespace,
    allNamespaces,
    enforceNamespace: config.namespaceGiven,
    filenames: listFlag(flags, "filename"),
    recursive: boolFlag(flags, "recursive"),
    ...(kustomize === "" ? {} : { kustomize }),
    ...(labelSelector === "" && !isGiven(flags, "selector") ? {} : labelSelector === "" ? {} : { labelSelector }),
    ...(fieldSelector === "" ? {} : { fieldSelector }),
    all: boolFlag(flags, "all"),
    subresource: textFlag(flags, "subresource"),
  };
}

/** Whether neither -f nor -k was given. */
export function hasNoFiles(session: Session): boolean {
  return listFlag(session.flags, "filename").length === 0 && textFlag(session.flags, "kustomize") === "";
}
