// After kubernetes v1.36 pkg/registry/core/serviceaccount/storage/token.go; not modelled: bound secrets, extended expiration.
import { rfc3339 } from "../../api/time.ts";
import { drawUuid } from "../../kernel/prng.ts";
import { get } from "../../kernel/sorted-map.ts";
import { type Claims, ISSUER, signed } from "../authentication/tokens.ts";
import { readBody } from "../body.ts";
import { answerStatus, badRequest, conflict } from "../failure.ts";
import { findObject } from "../objects.ts";
import { missing } from "../read.ts";
import { type FieldError, invalid } from "../registry/field-error.ts";
import { nodeOf } from "../registry-fields.ts";
import { invalidStatus } from "../registry/status-error.ts";
import { type Call, collectionAt, respond, timeOf, type Turn } from "../state.ts";

/** Source: pkg/apis/authentication/v1/defaults.go: one hour. */
const STANDARD_SECONDS = 3600;

/** Source: pkg/apis/authentication/validation/validation.go. */
const SECONDS_MIN = 600;
const SECONDS_MAX = 4_294_967_296;

interface TokenSpec {
  readonly audiences?: readonly string[];
  readonly expirationSeconds?: number;
  readonly boundObjectRef?: {
    readonly kind?: string;
    readonly apiVersion?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

/** POST to `serviceaccounts/x/token`: a token for the account. */
export function requestToken(turn: Turn, call: Call): void {
  const { exchange, info } = call;
  const account = findObject(turn.state, call);
  if (account === undefined) return respond(turn, exchange, missing(call));
  const body = readBody(call, { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", schema: "TokenRequest" });
  if (body.kind === "refused") return respond(turn, exchange, answerStatus(body.status));
  const spec = (body.object.spec ?? {}) as TokenSpec;
  const seconds = spec.expirationSeconds ?? STANDARD_SECONDS;
  const problem = durationProblem(seconds);
  if (problem !== undefined) {
    return respond(
      turn,
      exchange,
      answerStatus(invalidStatus({ group: "authentication.k8s.io", kind: "TokenRequest" }, "", [problem])),
    );
  }
  const bound = boundTo(turn, call, spec);
  if (bound.problem !== undefined) return respond(turn, exchange, bound.problem);
  const now = Math.floor(timeOf(turn.moment) / 1000);
  const audiences = spec.audiences === undefined || spec.audiences.length === 0 ? [ISSUER] : spec.audiences;
  const claims: Claims = {
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: ISSUER,
    jti: draw(turn),
    "kubernetes.io": {
      namespace: info.namespace,
      serviceaccount: { name: info.name, uid: account.metadata.uid ?? "" },
      ...bound.refs,
    },
    nbf: now,
    sub: `system:serviceaccount:${info.namespace}:${info.name}`,
  };
  const metadata = { name: info.name, namespace: info.namespace, creationTimestamp: rfc3339(now * 1000) };
  const answered = {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata,
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token: signed(claims), expirationTimestamp: rfc3339((now + seconds) * 1000) },
  };
  respond(turn, exchange, { code: 201, body: answered });
}

function draw(turn: Turn): string {
  const uuid = drawUuid(turn.state.prng);
  turn.state = { ...turn.state, prng: uuid.prng };
  return uuid.value;
}

function durationProblem(seconds: number): FieldError | undefined {
  if (seconds < SECONDS_MIN)
    return invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
  return seconds > SECONDS_MAX
    ? invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds")
    : undefined;
}

interface Bound {
  readonly refs: Partial<Pick<Claims["kubernetes.io"], "pod" | "node">>;
  readonly problem?: ReturnType<typeof answerStatus>;
}

/** A token that is bound to a pod is worth nothing once the pod is gone. */
function boundTo(turn: Turn, call: Call, spec: TokenSpec): Bound {
  const { boundObjectRef: ref } = spec;
  if (ref === undefined) return { refs: {} };
  if (ref.kind !== "Pod")
    return {
      refs: {},
      problem: answerStatus(
        badRequest(`cannot bind token to object of type ${ref.apiVersion ?? ""}, Kind=${ref.kind ?? ""}`),
      ),
    };
  const { namespace } = call.info;
  const pod = get(collectionAt(turn.state, "pods").objects, `${namespace}/${ref.name ?? ""}`);
  if (pod === undefined)
    return { refs: {}, problem: answerStatus(badRequest(`pods ${JSON.stringify(ref.name ?? "")} not found`)) };
  const { uid = "", name = "" } = pod.metadata;
  if (ref.uid !== undefined && ref.uid !== "" && ref.uid !== uid) {
    const message = `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    return { refs: {}, problem: answerStatus(conflict({ group: "", resource: "pods" }, name, { message })) };
  }
  return { refs: { pod: { name, uid }, ...nodeRef(turn, nodeOf(pod)) } };
}

function nodeRef(turn: Turn, name: string): Bound["refs"] {
  const node = get(collectionAt(turn.state, "minions").objects, name);
  return node === undefined ? {} : { node: { name, uid: node.metadata.uid ?? "" } };
}
