// After kubectl pkg/cmd/create/create_deployment.go, create_job.go, create_cronjob.go.
import { refusal } from "../../failure.ts";
import { intFlag, isGiven, listFlag, textFlag } from "../../flag-set.ts";
import { at, textAt, type Fields } from "../../json.ts";
import { infosOf } from "../../visit.ts";
import type { Session, Talk } from "../../talk.ts";
import { commandArguments, createGenerated, nameArgument } from "./generate.ts";

export function* createDeployment(session: Session): Talk<number> {
  const name = nameArgument(session);
  const images = listFlag(session.flags, "image");
  const command = commandArguments(session);
  if (images.length > 1 && command.length > 0) throw refusal("cannot specify multiple --image options and command");
  const [replicas, port] = [intFlag(session.flags, "replicas"), intFlag(session.flags, "port")];
  if (isGiven(session.flags, "replicas") && replicas < 0)
    throw refusal("--replicas must be greater than or equal to 0");
  const labels = { app: name };
  const containers = images.map((image) => ({
    name: containerName(image),
    image,
    ...(command.length > 0 ? { command } : {}),
    ...(port >= 0 && isGiven(session.flags, "port") ? { ports: [{ containerPort: port }] } : {}),
    resources: {},
  }));
  const deployment = {
    kind: "Deployment",
    apiVersion: "apps/v1",
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
      strategy: {},
    },
    status: {},
  };
  return yield* createGenerated(session, deployment, "failed to create deployment: ");
}

/** The last part of the image's path without tag and digest, with what a name may not hold left out. */
function containerName(image: string): string {
  const last = image.split("/").at(-1) ?? "";
  const bare = last.split("@")[0]?.split(":")[0] ?? "";
  return bare.toLowerCase().replace(/[^-a-z0-9]/g, "");
}

export function* createJob(session: Session): Talk<number> {
  const name = nameArgument(session);
  const [image, from] = [textFlag(session.flags, "image"), textFlag(session.flags, "from")];
  if ((image === "") === (from === "")) throw refusal("either --image or --from must be specified");
  const command = commandArguments(session);
  if (from !== "" && command.length > 0) throw refusal("cannot specify --from and command");
  const job = from === "" ? jobOfImage({ name, image, command }) : yield* jobOfCronJob(session, name, from);
  return yield* createGenerated(session, job, "failed to create job: ");
}

interface JobParts {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
}

function jobOfImage(parts: JobParts): Fields {
  return {
    kind: "Job",
    apiVersion: "batch/v1",
    metadata: { name: parts.name },
    spec: { template: { metadata: {}, spec: podSpec(parts, "Never") } },
    status: {},
  };
}

function podSpec({ name, image, command }: JobParts, restartPolicy: string): Fields {
  return { containers: [{ name, image, ...(command.length > 0 ? { command } : {}), resources: {} }], restartPolicy };
}

function* jobOfCronJob(session: Session, name: string, from: string): Talk<Fields> {
  const infos = yield* infosOf(session, { args: [from], namespace: session.config.namespace });
  const [info] = infos;
  if (infos.length !== 1 || info === undefined) throw refusal("from must be an existing cronjob");
  if (info.mapping.kind !== "CronJob") throw refusal("unknown object type *unstructured.Unstructured");
  const { object } = info;
  const template = at(object, "spec", "jobTemplate");
  const annotations = {
    "cronjob.kubernetes.io/instantiate": "manual",
    ...((at(template, "metadata", "annotations") ?? {}) as Fields),
  };
  const owner = {
    apiVersion: "batch/v1",
    kind: "CronJob",
    name: textAt(object, "metadata", "name"),
    uid: textAt(object, "metadata", "uid"),
    controller: true,
  };
  const labels = at(template, "metadata", "labels");
  return {
    kind: "Job",
    apiVersion: "batch/v1",
    metadata: { name, ...(labels === undefined ? {} : { labels }), annotations, ownerReferences: [owner] },
    spec: at(template, "spec"),
    status: {},
  };
}

export function* createCronJob(session: Session): Talk<number> {
  const name = nameArgument(session);
  const restart = textFlag(session.flags, "restart");
  const spec = podSpec(
    { name, image: textFlag(session.flags, "image"), command: commandArguments(session) },
    restart === "" ? "OnFailure" : restart,
  );
  const cronJob = {
    kind: "CronJob",
    apiVersion: "batch/v1",
    metadata: { name },
    spec: {
      schedule: textFlag(session.flags, "schedule"),
      jobTemplate: { metadata: { name }, spec: { template: { metadata: {}, spec } } },
    },
    status: {},
  };
  return yield* createGenerated(session, cronJob, "failed to create cronjob: ");
}
