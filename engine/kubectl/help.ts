// After kubectl pkg/util/templates/templater.go: the layout of help. The long texts and the examples of upstream are not modelled.
import { GLOBAL_FLAGS } from "./command-table.ts";
import { childrenOf, entryOf, nameOf } from "./command-tree.ts";
import { flagsOf, type Flag } from "./flag-set.ts";

/** The groups of the first page, and the names in each. Source: kubectl pkg/cmd/cmd.go. */
const ROOT_GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ["Basic Commands (Beginner):", ["create", "expose", "run", "set"]],
  ["Basic Commands (Intermediate):", ["explain", "get", "edit", "delete"]],
  ["Deploy Commands:", ["rollout", "scale", "autoscale"]],
  ["Cluster Management Commands:", ["certificate", "cluster-info", "top", "cordon", "uncordon", "drain", "taint"]],
  [
    "Troubleshooting and Debugging Commands:",
    ["describe", "logs", "attach", "exec", "port-forward", "proxy", "cp", "auth", "debug", "events"],
  ],
  ["Advanced Commands:", ["diff", "apply", "patch", "replace", "wait", "kustomize"]],
  ["Settings Commands:", ["label", "annotate", "completion"]],
];
const OTHER_COMMANDS = ["api-resources", "api-versions", "config", "kuberc", "plugin", "version"];

const FOOTER = 'Use "kubectl options" for a list of global command-line options (applies to all commands).\n';

function listing(names: readonly string[], below: string): string {
  const width = Math.max(13, ...names.map((name) => name.length + 2));
  return names
    .map((name) => `  ${name.padEnd(width)} ${entryOf(below === "" ? name : `${below} ${name}`)?.short ?? ""}\n`)
    .join("");
}

export function rootHelp(): string {
  const all = [...ROOT_GROUPS.flatMap(([, names]) => names), ...OTHER_COMMANDS];
  const width = Math.max(...all.map((name) => name.length)) + 2;
  const lines = (names: readonly string[]): string =>
    names.map((name) => `  ${name.padEnd(width)} ${entryOf(name)?.short ?? ""}\n`).join("");
  const groups = ROOT_GROUPS.map(([title, names]) => `${title}\n${lines(names)}\n`).join("");
  return (
    "kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/\n\n" +
    `${groups}Subcommands provided by plugins:\n\nOther Commands:\n${lines(OTHER_COMMANDS)}\n` +
    `Usage:\n  kubectl [flags] [options]\n\nUse "kubectl <command> --help" for more information about a given command.\n${FOOTER}`
  );
}

export function optionsText(): string {
  return `The following options can be passed to any command:\n\n${flagsOf(GLOBAL_FLAGS).map(optionText).join("")}`;
}

function optionText(flag: Flag): string {
  const shorthand = flag.shorthand === "" ? "" : `-${flag.shorthand}, `;
  return `    ${shorthand}--${flag.name}=${initialText(flag)}:\n\n`;
}

function initialText(flag: Flag): string {
  switch (flag.type) {
    case "string":
      return `'${flag.initial}'`;
    case "list":
    case "array":
      return `[${flag.initial}]`;
    case "int":
      return flag.initial === "" ? "0" : flag.initial;
    case "duration":
      return flag.initial === "" ? "0s" : flag.initial;
    default:
      return flag.initial;
  }
}

export function helpText(path: string): string {
  const entry = entryOf(path);
  if (entry === undefined) return rootHelp();
  const children = childrenOf(path);
  const aliases = entry.aliases === "" ? "" : `Aliases:\n${nameOf(entry)}, ${entry.aliases.split(" ").join(", ")}\n\n`;
  const below = children.length === 0 ? "" : `Available Commands:\n${listing(children.map(nameOf), path)}\n`;
  const options =
    entry.flags === "" ? "" : `Options:\n${flagsOf(entry.flags).toSorted(byName).map(optionText).join("")}`;
  const more =
    children.length === 0 ? "" : `Use "kubectl ${path} <command> --help" for more information about a given command.\n`;
  const examples = EXAMPLES[path] === undefined ? "" : `Examples:\n${EXAMPLES[path]}\n`;
  return `${LONG[path] ?? `${entry.short}.`}\n\n${aliases}${examples}${below}${options}Usage:\n  kubectl ${path} ${entry.usage} [options]\n\n${more}${FOOTER}`;
}

function byName(one: Flag, other: Flag): number {
  return one.name < other.name ? -1 : 1;
}

/** Where upstream's first paragraph is not the one-line description. */
const LONG: Readonly<Record<string, string>> = {
  "create secret":
    "Create a secret with specified type.\n\n A docker-registry type secret is for accessing a container registry.\n\n A generic type secret indicate an Opaque secret type.\n\n A tls type secret holds TLS certificate and its associated key.",
  set: "Configure application resources.\n\n These commands help you make changes to existing application resources.",
  rollout:
    "Manage the rollout of one or many resources.\n        \n Valid resource types include:\n\n  *  deployments\n  *  daemonsets\n  *  statefulsets",
  "config use-context": "Set the current-context in a kubeconfig file.",
  "config rename-context":
    "Renames a context from the kubeconfig file.\n\n CONTEXT_NAME is the context name that you want to change.\n\n NEW_NAME is the new name you want to set.\n\n Note: If the context being renamed is the 'current-context', this field will also be updated.",
  "config unset":
    "Unset an individual value in a kubeconfig file.\n\n PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a map key.  Map keys may not contain dots.",
};

/** The examples of commands that print their help when they are misused. */
const EXAMPLES: Readonly<Record<string, string>> = {
  rollout:
    "  # Rollback to the previous deployment\n  kubectl rollout undo deployment/abc\n  \n  # Check the rollout status of a daemonset\n  kubectl rollout status daemonset/foo\n  \n  # Restart a deployment\n  kubectl rollout restart deployment/abc\n  \n  # Restart deployments with the 'app=nginx' label\n  kubectl rollout restart deployment --selector=app=nginx\n",
  "config use-context": "  # Use the context for the minikube cluster\n  kubectl config use-context minikube\n",
  "config rename-context":
    "  # Rename the context 'old-name' to 'new-name' in your kubeconfig file\n  kubectl config rename-context old-name new-name\n",
  "config unset":
    "  # Unset the current-context\n  kubectl config unset current-context\n  \n  # Unset namespace in foo context\n  kubectl config unset contexts.foo.namespace\n",
  "config delete-cluster": "  # Delete the minikube cluster\n  kubectl config delete-cluster minikube\n",
  "config delete-context":
    "  # Delete the context for the minikube cluster\n  kubectl config delete-context minikube\n",
  "config delete-user": "  # Delete the minikube user\n  kubectl config delete-user minikube\n",
};

export interface GroupHelp {
  readonly text: string;
  readonly to: "stdout" | "stderr";
  readonly code: number;
}

/** What a command prints that only holds others, when it is called without one. */
export function groupHelp(path: string): GroupHelp {
  const text = helpText(path);
  if (path === "certificate") return { text, to: "stdout", code: 0 };
  return { text, to: path === "rollout" ? "stdout" : "stderr", code: 1 };
}
