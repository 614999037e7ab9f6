// After kubernetes v1.36 pkg/controller/ttlafterfinished/ttlafterfinished_controller.go.
import type { Job } from "../../api/generated/types.ts";
import { deleteRequest, getRequest } from "../../client/requests.ts";
import { type Controller, watch } from "../controller.ts";
import { dateOf, parseDate } from "../dates.ts";
import { isDeleting } from "../pods.ts";
import { again, DONE, isSuccess, objectOf, retry, send, type Situation, type Sync, tell, whyRefused } from "../sync.ts";
import { jobs } from "../watched.ts";

/** Deletes finished Jobs when their time is up. */
export const ttlAfterFinished: Controller<null> = {
  name: "ttl-after-finished",
  identity: "ttl-after-finished-controller",
  workers: 5,
  memory: null,
  watches: [
    watch(jobs, ({ after, key }) => ({ wishes: after !== undefined && expiryOf(after) !== undefined ? [key] : [] })),
  ],
  sync: syncJob,
};

/** When a finished job may go, in milliseconds since 1970. */
function expiryOf(job: Job): number | undefined {
  const seconds = job.spec?.ttlSecondsAfterFinished;
  if (seconds === undefined || isDeleting(job)) return undefined;
  const finished = job.status?.conditions?.find(
    ({ type, status }) => (type === "Complete" || type === "Failed") && status === "True",
  );
  const since = parseDate(finished?.lastTransitionTime);
  return since === undefined ? undefined : since + seconds * 1000;
}

function* syncJob(key: string, situation: Situation<null>): Sync {
  const found = situation.lister.get(jobs, key);
  const expiry = found === undefined ? undefined : expiryOf(found);
  if (expiry === undefined) return DONE;
  const left = expiry - dateOf(situation);
  if (left > 0) {
    yield* again(key, left);
    return DONE;
  }
  // Looked at once more at the server: the time may have been changed.
  const [namespace = "", name = ""] = key.split("/");
  const target = { resource: jobs.resource, namespace, name };
  const response = yield* send(getRequest(target));
  if (response.code === 404) return DONE;
  if (!isSuccess(response)) return retry(whyRefused(response));
  const fresh = objectOf<Job>(response);
  const freshExpiry = expiryOf(fresh);
  if (freshExpiry === undefined || freshExpiry > dateOf(situation)) return DONE;
  yield* tell({ reason: "JobExpired", object: { kind: "Job", namespace, name } });
  const { uid = "" } = fresh.metadata;
  const deleted = yield* send(deleteRequest(target, { propagationPolicy: "Foreground", preconditions: { uid } }));
  return isSuccess(deleted) || deleted.code === 404 ? DONE : retry(whyRefused(deleted));
}
