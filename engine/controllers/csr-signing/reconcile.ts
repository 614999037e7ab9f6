// After kubernetes v1.36 pkg/controller/certificates/signer/signer.go; not modelled: cryptography. The certificate is text that says for whom
// it is, unless the topology brings a signer's text.
import type { CertificateSigningRequest } from "../../api/generated/types.ts";
import { updateRequest } from "../../client/requests.ts";
import { type Controller, ownKey, watch } from "../controller.ts";
import { DONE, isSuccess, retry, send, type Situation, type Sync, tell, whyRefused } from "../sync.ts";
import { signingRequests } from "../watched.ts";

/** Source: kube-controller-manager signs for these by default. */
const SIGNERS: readonly string[] = [
  "kubernetes.io/kube-apiserver-client",
  "kubernetes.io/kube-apiserver-client-kubelet",
  "kubernetes.io/kubelet-serving",
  "kubernetes.io/legacy-unknown",
];

/** Signs approved requests. */
export const csrSigning: Controller<null> = {
  name: "csr-signing",
  identity: "certificate-controller",
  workers: 5,
  memory: null,
  watches: [watch(signingRequests, ownKey)],
  sync: syncRequest,
};

function* syncRequest(name: string, { lister, settings }: Situation<null>): Sync {
  const request = lister.get(signingRequests, name);
  if (request === undefined || !isToSign(request)) return DONE;
  const { certificate = STAND_IN } = (settings ?? {}) as { readonly certificate?: string };
  const body = {
    ...request,
    apiVersion: "certificates.k8s.io/v1",
    kind: "CertificateSigningRequest",
    status: { ...request.status, certificate },
  };
  const target = { resource: signingRequests.resource, name, subresource: "status" };
  const response = yield* send(updateRequest(target, body));
  yield* tell({ reason: "CertificateSigned", object: { kind: "CertificateSigningRequest", name } });
  return isSuccess(response) ? DONE : retry(whyRefused(response));
}

/** `-----BEGIN CERTIFICATE-----`, `not modelled`, `-----END CERTIFICATE-----` in base64, as the field wants it. */
const STAND_IN = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCm5vdCBtb2RlbGxlZAotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==";

function isToSign({ spec, status }: CertificateSigningRequest): boolean {
  const conditions = status?.conditions ?? [];
  const isApproved = conditions.some(({ type }) => type === "Approved");
  const isRefused = conditions.some(({ type }) => type === "Denied" || type === "Failed");
  return isApproved && !isRefused && (status?.certificate ?? "") === "" && SIGNERS.includes(spec.signerName);
}
