// After kubernetes v1.36 pkg/registry/admissionregistration/*webhookconfiguration/strategy.go, pkg/apis/admissionregistration/{v1/defaults,validation/validation}.go.
import type * as api from "../../../api/generated/types.ts";
import { dnsSubdomainProblems } from "../../../api/names.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { duplicate, type FieldError, invalid, notSupported, required } from "../field-error.ts";
import { kindStrategy } from "../kind-strategy.ts";
import { validateLabelSelector } from "../label-selector.ts";
import { type Errors, isSet } from "../rules.ts";
import { mapShared, withDefaults, withParts } from "../shared-change.ts";
import type { Strategy } from "../strategy.ts";

type Validating = DecodedObject<api.ValidatingWebhookConfiguration>;
type Mutating = DecodedObject<api.MutatingWebhookConfiguration>;
type Webhook = Decoded<api.MutatingWebhook>;
type Rule = Decoded<api.RuleWithOperations>;

export const validatingWebhooks: Strategy<Validating> = kindStrategy<Validating>({
  place: ["admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations"],
  generationOf: ["webhooks"],
  defaults: (one) => withParts(one, { webhooks: (list) => mapShared(list, (hook) => defaultWebhook(hook)) }),
  validate: (one) => validateWebhooks(one.webhooks ?? []),
  cells: (one, now) => [nameOf(one), (one.webhooks ?? []).length, age(one, now)],
});

export const mutatingWebhooks: Strategy<Mutating> = kindStrategy<Mutating>({
  place: ["admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations"],
  generationOf: ["webhooks"],
  defaults: (one) =>
    withParts(one, {
      webhooks: (list) =>
        mapShared(list, (hook) => withDefaults(defaultWebhook(hook), { reinvocationPolicy: "Never" })),
    }),
  validate: (one) => validateWebhooks(one.webhooks ?? []),
  cells: (one, now) => [nameOf(one), (one.webhooks ?? []).length, age(one, now)],
});

function defaultWebhook(hook: Webhook): Webhook {
  const filled = withDefaults(hook, {
    failurePolicy: "Fail",
    matchPolicy: "Equivalent",
    namespaceSelector: {},
    objectSelector: {},
    timeoutSeconds: 10,
  });
  return withParts(filled, {
    rules: (list) => mapShared(list, (rule) => withDefaults(rule, { scope: "*" })),
    clientConfig: (config) => withParts(config, { service: (service) => withDefaults(service, { port: 443 }) }),
  });
}

function validateWebhooks(hooks: readonly Webhook[]): readonly FieldError[] {
  const errors: Errors = [];
  const names = new Set<string>();
  for (const [index, hook] of hooks.entries()) {
    const path = `webhooks[${index}]`;
    validateWebhook(hook, path, errors);
    const { name = "" } = hook;
    if (name !== "" && names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  }
  return errors;
}

/** Source: IsFullyQualifiedName: three segments at least. */
export function validateFullName(name: string, path: string, errors: Errors): void {
  if (name === "") return void errors.push(required(path));
  const problems = dnsSubdomainProblems(name);
  if (problems.length > 0) return void errors.push(invalid(path, name, problems.join(",")));
  if (name.split(".").length < 3)
    errors.push(invalid(path, name, "should be a domain with at least three segments separated by dots"));
}

const TIMEOUT_MAX = 30;

function validateWebhook(hook: Webhook, path: string, errors: Errors): void {
  validateFullName(hook.name ?? "", `${path}.name`, errors);
  const known = ["Equivalent", "Exact"];
  validateVersions(hook.admissionReviewVersions ?? [], `${path}.admissionReviewVersions`, errors);
  for (const [index, rule] of (hook.rules ?? []).entries()) validateRule(rule, `${path}.rules[${index}]`, errors);
  validateWord(hook.failurePolicy, ["Fail", "Ignore"], `${path}.failurePolicy`, errors);
  validateWord(hook.matchPolicy, known, `${path}.matchPolicy`, errors);
  const effects = ["None", "NoneOnDryRun"];
  if (hook.sideEffects === undefined)
    errors.push(required(`${path}.sideEffects`, "must specify one of None, NoneOnDryRun"));
  else validateWord(hook.sideEffects, effects, `${path}.sideEffects`, errors);
  const timeout = hook.timeoutSeconds;
  if (timeout !== undefined && (timeout > TIMEOUT_MAX || timeout < 1)) {
    errors.push(invalid(`${path}.timeoutSeconds`, timeout, "the timeout value must be between 1 and 30 seconds"));
  }
  validateWord(hook.reinvocationPolicy, ["IfNeeded", "Never"], `${path}.reinvocationPolicy`, errors);
  validateLabelSelector(hook.namespaceSelector, `${path}.namespaceSelector`, errors);
  validateLabelSelector(hook.objectSelector, `${path}.objectSelector`, errors);
  validateClient(hook.clientConfig ?? {}, `${path}.clientConfig`, errors);
}

function validateWord(word: string | undefined, words: readonly string[], path: string, errors: Errors): void {
  if (word !== undefined && !words.includes(word)) errors.push(notSupported(path, word, words));
}

function validateVersions(versions: readonly string[], path: string, errors: Errors): void {
  if (versions.length === 0) return void errors.push(required(path, "must specify one of v1, v1beta1"));
  if (!versions.some((version) => version === "v1" || version === "v1beta1")) {
    errors.push(invalid(path, versions, "must include at least one of v1, v1beta1"));
  }
}

function validateClient({ url, service }: NonNullable<Webhook["clientConfig"]>, path: string, errors: Errors): void {
  if ((url === undefined) === (service === undefined)) {
    return void errors.push(required(path, "exactly one of url or service is required"));
  }
  if (url !== undefined) validateUrl(url, `${path}.url`, errors);
  if (service === undefined) return;
  const { name, namespace, port } = service;
  if (!isSet(name)) errors.push(required(`${path}.service.name`, "service name is required"));
  if (!isSet(namespace)) errors.push(required(`${path}.service.namespace`, "service namespace is required"));
  if (port !== undefined && (port < 1 || port > 65_535)) {
    errors.push(invalid(`${path}.service.port`, port, "port is not valid: must be between 1 and 65535, inclusive"));
  }
}

const form = "; desired format: https://host[/path]";

function validateUrl(url: string, path: string, errors: Errors): void {
  if (!url.startsWith("https://")) {
    const scheme = url.includes("://") ? url.slice(0, url.indexOf("://")) : "";
    errors.push(invalid(path, scheme, `'https' is the only allowed URL scheme${form}`));
  }
  if (url.includes("?"))
    errors.push(invalid(path, url.slice(url.indexOf("?") + 1), "query parameters are not permitted in the URL"));
  if (url.includes("#"))
    errors.push(invalid(path, url.slice(url.indexOf("#") + 1), "fragments are not permitted in the URL"));
}

export function validateRule(rule: Rule, path: string, errors: Errors): void {
  const operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
  const list = rule.operations ?? [];
  if (list.length === 0) errors.push(required(`${path}.operations`));
  if (list.length > 1 && list.includes("*")) {
    errors.push(invalid(`${path}.operations`, list, "if '*' is present, must not specify other operations"));
  }
  for (const [index, operation] of list.entries()) {
    if (!operations.includes(operation))
      errors.push(notSupported(`${path}.operations[${index}]`, operation, operations));
  }
  validateList(rule.apiGroups, `${path}.apiGroups`, errors);
  validateList(rule.apiVersions, `${path}.apiVersions`, errors);
  const resources = rule.resources ?? [];
  if (resources.length === 0) errors.push(required(`${path}.resources`));
  for (const [index, resource] of resources.entries())
    if (resource === "") errors.push(required(`${path}.resources[${index}]`));
  validateWord(rule.scope, ["*", "Cluster", "Namespaced"], `${path}.scope`, errors);
}

function validateList(list: readonly string[] | undefined, path: string, errors: Errors): void {
  const words = list ?? [];
  if (words.length === 0) errors.push(required(path));
  if (words.length > 1 && words.includes("*")) {
    errors.push(
      invalid(
        path,
        words,
        `if '*' is present, must not specify other ${path.endsWith("apiGroups") ? "API groups" : "API versions"}`,
      ),
    );
  }
  for (const [index, word] of words.entries()) {
    if (word === "" && path.endsWith("apiVersions")) errors.push(required(`${path}[${index}]`));
  }
}
