// After kubernetes v1.36 pkg/registry/certificates/certificates/strategy.go, pkg/apis/certificates/validation/validation.go; not modelled: the parsing of the request.
import type * as api from "../../../api/generated/types.ts";
import { isSemanticallyEqual } from "../../../api/semantic-equal.ts";
import { humanDuration } from "../../../api/time.ts";
import { age, nameOf } from "../cells.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from "../field-error.ts";
import { kindStrategy, takeStatus } from "../kind-strategy.ts";
import { validateMetadataUpdate } from "../metadata.ts";
import { decodeBase64 } from "../base64.ts";
import { type Errors, oneOf } from "../rules.ts";
import { mapShared, withField } from "../shared-change.ts";
import type { Context, Strategy } from "../strategy.ts";

type Request = DecodedObject<api.CertificateSigningRequest>;
type Condition = Decoded<api.CertificateSigningRequestCondition>;

export const signingRequests: Strategy<Request> = kindStrategy<Request>({
  place: ["certificates.k8s.io", "v1", "certificatesigningrequests"],
  prepareForCreate: (request, { user }) => {
    const { username: _, uid: _u, groups: _g, extra: _e, ...spec } = request.spec ?? {};
    const asked = {
      ...spec,
      username: user.name,
      ...(user.uid === undefined || user.uid === "" ? {} : { uid: user.uid }),
      ...(user.groups.length === 0 ? {} : { groups: user.groups }),
      ...(user.extra === undefined || Object.keys(user.extra).length === 0 ? {} : { extra: user.extra }),
    };
    return withField(request, "spec", asked);
  },
  prepareForUpdate: (request, old) => withField(request, "spec", old.spec),
  validate: (request) => validateSpec(request),
  validateUpdate: () => [],
  validateStatus: (request, old) => validateConditions(request, old, "status"),
  subresources: {
    approval: {
      prepareForUpdate: (request, old, context) => prepareApproval(request, old, context),
      validateUpdate: (request, old) => [
        ...validateMetadataUpdate(request.metadata, old.metadata),
        ...validateConditions(request, old, "approval"),
      ],
    },
  },
  cells: (request, now) => [
    nameOf(request),
    age(request, now),
    request.spec?.signerName ?? "<none>",
    request.spec?.username ?? "",
    request.spec?.expirationSeconds === undefined ? "<none>" : humanDuration(request.spec.expirationSeconds * 1000),
    conditionCell(request),
  ],
  fields: { "spec.signerName": (request) => request.spec?.signerName ?? "" },
});

function validateSpec({ spec = {} }: Request): readonly FieldError[] {
  const errors: Errors = [];
  const { request = "", usages = [], signerName = "", expirationSeconds } = spec;
  validateSignerName(signerName, errors);
  const pem = decodeBase64(request);
  if (
    !pem.includes("-----BEGIN CERTIFICATE REQUEST-----") &&
    !pem.includes("-----BEGIN NEW CERTIFICATE REQUEST-----")
  ) {
    errors.push(invalid("spec.request", request === "" ? null : request, "PEM block type must be CERTIFICATE REQUEST"));
  }
  if (usages.length === 0) errors.push(required("spec.usages"));
  for (const [index, usage] of usages.entries()) {
    const path = `spec.usages[${index}]`;
    if (!knownUsages.includes(usage)) errors.push(notSupported(path, usage, knownUsages));
    if (usages.indexOf(usage) < index) errors.push(duplicate(path, usage));
  }
  if (signerName === "kubernetes.io/legacy-unknown")
    errors.push(invalid("spec.signerName", signerName, "the legacy signerName is not allowed via this API version"));
  if (expirationSeconds !== undefined && expirationSeconds < 600) {
    errors.push(
      invalid(
        "spec.expirationSeconds",
        expirationSeconds,
        "may not specify a duration less than 600 seconds (10 minutes)",
      ),
    );
  }
  return errors;
}

function validateSignerName(name: string, errors: Errors): void {
  const path = "spec.signerName";
  if (name === "") return void errors.push(required(path));
  const parts = name.split("/");
  if (parts.length !== 2)
    errors.push(invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
  else if (!(parts[0] ?? "").includes("."))
    errors.push(invalid(path, parts[0], "should be a domain with at least two segments separated by dots"));
}

/** Printed sorted. Source: allValidUsages. */
const knownUsages: readonly string[] = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];

/** Approval may change conditions only; a new one gets its time. */
function prepareApproval(request: Request, old: Request, { time }: Context): Request {
  const conditions = mapShared(request.status?.conditions ?? [], (one) => stamped(one, old, time));
  const status = { ...old.status, ...(conditions.length === 0 ? {} : { conditions }) };
  return takeStatus({ ...request, status }, old, []);
}

function stamped(condition: Condition, old: Request, time: string): Condition {
  const before = (old.status?.conditions ?? []).find(({ type }) => type === condition.type);
  if (before !== undefined && isSemanticallyEqual(before, condition)) return condition;
  const isTurned = before?.status !== condition.status;
  const since = isTurned ? time : (before?.lastTransitionTime ?? time);
  return {
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? time,
    lastTransitionTime: condition.lastTransitionTime ?? since,
  };
}

function validateCondition({ type = "", status = "" }: Condition, path: string, errors: Errors): void {
  if (type === "") errors.push(required(`${path}.type`));
  oneOf(status, ["False", "True", "Unknown"], `${path}.status`, errors);
  const isFinal = ["Approved", "Denied", "Failed"].includes(type);
  if (isFinal && (status === "False" || status === "Unknown"))
    errors.push(notSupported(`${path}.status`, status, ["True"]));
}

function validateConditions(request: Request, old: Request, side: "status" | "approval"): readonly FieldError[] {
  const errors: Errors = [];
  const conditions = request.status?.conditions ?? [];
  const has = (list: readonly Condition[], type: string): boolean => list.some((one) => one.type === type);
  for (const [index, condition] of conditions.entries())
    validateCondition(condition, `status.conditions[${index}]`, errors);
  if (has(conditions, "Approved") && has(conditions, "Denied")) {
    errors.push(invalid("status.conditions", "Denied", "Approved and Denied conditions are mutually exclusive"));
  }
  const before = old.status?.conditions ?? [];
  for (const type of ["Approved", "Denied", "Failed"]) {
    if (has(before, type) && !has(conditions, type)) {
      errors.push(forbidden("status.conditions", `updates may not remove a condition of type "${type}"`));
    }
    if (side === "status" && type !== "Failed" && !has(before, type) && has(conditions, type)) {
      errors.push(forbidden("status.conditions", `updates may not add a condition of type "${type}"`));
    }
  }
  return errors;
}

function conditionCell({ status = {} }: Request): string {
  const types = (status.conditions ?? []).map(({ type = "" }) => type);
  const decided = types.includes("Denied") ? "Denied" : types.includes("Approved") ? "Approved" : "";
  const parts = [decided === "" ? "Pending" : decided];
  if (types.includes("Failed")) parts.push("Failed");
  if ((status.certificate ?? "") !== "") parts.push("Issued");
  return parts.join(",");
}
