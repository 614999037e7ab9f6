// After kubernetes v1.36 apimachinery/pkg/util/validation/validation.go, pkg/api/validate/content.

/** Each function returns the sentences that say what is wrong with a name; none when it is right. */
export type NameRule = (name: string) => readonly string[];

/** Source: RFC 1123 and RFC 1035 as upstream applies them. */
export const LABEL_LENGTH_MAX = 63;
export const SUBDOMAIN_LENGTH_MAX = 253;

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const WILDCARD = `\\*\\.${SUBDOMAIN}`;
const LABEL_VALUE = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
const LABEL_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const CONFIG_KEY = "[-._a-zA-Z0-9]+";

const isLabel = whole(LABEL);
const isSubdomain = whole(SUBDOMAIN);
const isLabel1035 = whole(LABEL_1035);
const isWildcard = whole(WILDCARD);
const isLabelValue = whole(LABEL_VALUE);
const isLabelName = whole(LABEL_NAME);
const isConfigKey = whole(CONFIG_KEY);

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

/** Ends a sentence with examples and the expression: `(e.g. 'a',  or 'b', regex used for validation is '…')`. */
export function regexProblem(message: string, pattern: string, examples: readonly string[] = []): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  const list = examples.map((example) => `'${example}', `).join(" or ");
  return `${message} (e.g. ${list}regex used for validation is '${pattern}')`;
}

export function lengthProblem(length: number): string {
  return `must be no more than ${length} characters`;
}

function bytesProblem(length: number): string {
  return `must be no more than ${length} bytes`;
}

/** The name of a Namespace or of a container: DNS-1123 label. */
export function dnsLabelProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(name) > LABEL_LENGTH_MAX) problems.push(lengthProblem(LABEL_LENGTH_MAX));
  if (isLabel.test(name)) return problems;
  if (isSubdomain.test(name)) return [...problems, "must not contain dots"];
  const message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...problems, regexProblem(message, LABEL, ["my-name", "123-abc"])];
}

/** The name of most objects: DNS-1123 subdomain. */
export function dnsSubdomainProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(name) > SUBDOMAIN_LENGTH_MAX) problems.push(lengthProblem(SUBDOMAIN_LENGTH_MAX));
  if (isSubdomain.test(name)) return problems;
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...problems, regexProblem(message, SUBDOMAIN, ["example.com"])];
}

/** DNS-1035 label: it starts with a letter. */
export function dns1035LabelProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(name) > LABEL_LENGTH_MAX) problems.push(lengthProblem(LABEL_LENGTH_MAX));
  if (isLabel1035.test(name)) return problems;
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...problems, regexProblem(message, LABEL_1035, ["my-name", "abc-123"])];
}

/** A host with a wildcard in front: `*.example.com`. */
export function wildcardSubdomainProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(name) > SUBDOMAIN_LENGTH_MAX) problems.push(lengthProblem(SUBDOMAIN_LENGTH_MAX));
  if (isWildcard.test(name)) return problems;
  const message =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...problems, regexProblem(message, WILDCARD, ["*.example.com"])];
}

/** The key of a label, annotation or taint: `[prefix/]name`. */
export function labelKeyProblems(key: string): readonly string[] {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const problems: string[] = [];
  const message =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  const examples = ["MyName", "my.name", "123-abc"];
  if (parts.length > 2) {
    const sentence = regexProblem(`a valid label key ${message}`, LABEL_NAME, examples);
    return [`${sentence} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (parts.length === 2) {
    const [prefix = ""] = parts;
    if (prefix === "") problems.push("prefix part must be non-empty");
    else problems.push(...dnsSubdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  }
  if (name === "") problems.push("name part must be non-empty");
  else if (byteLength(name) > LABEL_LENGTH_MAX) problems.push(`name part ${bytesProblem(LABEL_LENGTH_MAX)}`);
  if (!isLabelName.test(name)) problems.push(`name part ${regexProblem(message, LABEL_NAME, examples)}`);
  return problems;
}

export function labelValueProblems(value: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(value) > LABEL_LENGTH_MAX) problems.push(bytesProblem(LABEL_LENGTH_MAX));
  if (isLabelValue.test(value)) return problems;
  const message =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [...problems, regexProblem(message, LABEL_VALUE, ["MyValue", "my_value", "12345"])];
}

/** A name that only has to fit in a path: roles, bindings. */
export function pathSegmentProblems(name: string): readonly string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"]
    .filter((character) => name.includes(character))
    .map((character) => `may not contain '${character}'`);
}

/** The key of a ConfigMap or Secret. */
export function configKeyProblems(key: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(key) > SUBDOMAIN_LENGTH_MAX) problems.push(lengthProblem(SUBDOMAIN_LENGTH_MAX));
  if (!isConfigKey.test(key)) {
    const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    problems.push(regexProblem(message, CONFIG_KEY, ["key.name", "KEY_NAME", "key-name"]));
  }
  if (key === "." || key === "..") problems.push(`must not be '${key}'`);
  else if (key.startsWith("..")) problems.push("must not start with '..'");
  return problems;
}

/** The name of a variable: any printable ASCII character but `=`, since 1.34. */
export function environmentNameProblems(name: string): readonly string[] {
  if (name === "") return ["environment variable name must be non-empty"];
  if (/^[ -<>-~]+$/.test(name)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function portNumberProblems(port: number): readonly string[] {
  return port >= 1 && port <= 65_535 ? [] : ["must be between 1 and 65535, inclusive"];
}

/** The name of a port: IANA_SVC_NAME. */
export function portNameProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (name.length > 15) problems.push("must be no more than 15 characters");
  if (!/^[-a-z0-9]+$/.test(name))
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(name)) problems.push("must contain at least one letter (a-z)");
  if (name.includes("--")) problems.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

/** The length in UTF-8, as Go counts strings. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xe000) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

/** How the API checks the name of a kind's objects, by plural; what is not here is a DNS subdomain. */
const NAME_RULES: Readonly<Record<string, NameRule>> = {
  namespaces: dnsLabelProblems,
  // RelaxedServiceNameValidation is on: a digit may come first.
  services: dnsLabelProblems,
  statefulsets: dnsLabelProblems,
  roles: pathSegmentProblems,
  rolebindings: pathSegmentProblems,
  clusterroles: pathSegmentProblems,
  clusterrolebindings: pathSegmentProblems,
};

/** A CronJob's name is shorter by 11: its Jobs append a time. Source: pkg/apis/batch/validation, DNS1035LabelMaxLength - 11. */
export const CRON_JOB_NAME_LENGTH_MAX = 52;

/** What is wrong with the name of an object of that kind, in the order in which the API server says it. */
export function objectNameProblems(plural: string, name: string): readonly string[] {
  const rule = Object.hasOwn(NAME_RULES, plural) ? NAME_RULES[plural] : undefined;
  const problems = (rule ?? dnsSubdomainProblems)(name);
  const isTooLong = plural === "cronjobs" && byteLength(name) > CRON_JOB_NAME_LENGTH_MAX;
  return isTooLong ? [...problems, lengthProblem(CRON_JOB_NAME_LENGTH_MAX)] : problems;
}
