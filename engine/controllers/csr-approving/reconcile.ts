// After kubernetes v1.36 pkg/controller/certificates/approver/sarapprove.go; not modelled: the CSR's contents; who asks decides.
import type { CertificateSigningRequest } from "../../api/generated/types.ts";
import { createRequest, updateRequest } from "../../client/requests.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import { dateOf, printDate } from "../dates.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, whyRefused } from "../sync.ts";
import { signingRequests } from "../watched.ts";

const SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";

/** Approves the client certificates that kubelets ask for. */
export const csrApproving: Controller<null> = {
  name: "csr-approving",
  identity: "certificate-controller",
  workers: 5,
  memory: null,
  watches: [watch(signingRequests, ownKey)],
  sync: syncRequest,
};

function* syncRequest(name: string, situation: Situation<null>): Sync {
  const request = situation.lister.get(signingRequests, name);
  if (request === undefined || !isOpen(request)) return DONE;
  const { username = "" } = request.spec;
  const isOwn = username.startsWith("system:node:");
  const permission = isOwn ? "selfnodeclient" : "nodeclient";
  const review = yield* send(createRequest({ resource: REVIEWS }, reviewOf(request, permission)));
  if (!isSuccess(review)) return retry(whyRefused(review));
  const { status } = review.body as { readonly status?: { readonly allowed?: boolean } };
  if (status?.allowed !== true) return DONE;
  const now = printDate(dateOf(situation));
  const message = isOwn
    ? "Auto approving self kubelet client certificate after SubjectAccessReview."
    : "Auto approving kubelet client certificate after SubjectAccessReview.";
  const condition = {
    type: "Approved",
    status: "True",
    reason: "AutoApproved",
    message,
    lastUpdateTime: now,
    lastTransitionTime: now,
  };
  const body = {
    ...request,
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    status: { ...request.status, conditions: [...(request.status?.conditions ?? []), condition] },
  };
  const target = { resource: signingRequests.resource, name, subresource: "approval" };
  const response = yield* send(updateRequest(target, body));
  return isSuccess(response) ? DONE : retry(whyRefused(response));
}

/** Nobody has decided yet. */
function isOpen({ spec, status }: CertificateSigningRequest): boolean {
  return spec.signerName === SIGNER && (status?.certificate ?? "") === "" && (status?.conditions ?? []).length === 0;
}

const REVIEWS = { group: "authorization.k8s.io", version: "v1", plural: "subjectaccessreviews" };

function reviewOf(request: CertificateSigningRequest, subresource: string): unknown {
  const { username, uid, groups, extra } = request.spec;
  const resourceAttributes = {
    group: "certificates.k8s.io",
    resource: "certificatesigningrequests",
    verb: "create",
    subresource,
    version: "*",
  };
  return {
    kind: "SubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec: { user: username, uid, groups, extra, resourceAttributes },
  };
}
