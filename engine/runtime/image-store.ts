import { uint32At, stream } from "../kernel/prng.ts";
import type { Millis } from "../kernel/process.ts";
import type { ImageView } from "./cri.ts";
import type { Image } from "./images/image.ts";
import { images } from "./images/index.ts";

/** A name in its parts, as the runtime reads it. Source: distribution/reference normalize.go. */
export interface ImageName {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

export function parseImageName(name: string): ImageName {
  const plain = name.split("@")[0] ?? name;
  const slash = plain.indexOf("/");
  const head = slash < 0 ? "" : plain.slice(0, slash);
  const hasRegistry = head.includes(".") || head.includes(":") || head === "localhost";
  const rest = hasRegistry ? plain.slice(slash + 1) : plain;
  const colon = rest.lastIndexOf(":");
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const repository = hasRegistry || path.includes("/") ? path : `library/${path}`;
  return { registry: hasRegistry ? head : "docker.io", repository, tag: colon < 0 ? "latest" : rest.slice(colon + 1) };
}

/** The whole name: `docker.io/library/nginx:1.27`. */
export function fullImageName(name: string): string {
  const { registry, repository, tag } = parseImageName(name);
  return `${registry}/${repository}:${tag}`;
}

/** The image of the catalogue behind a name; `aliases` says which images stand in for others. */
export function imageNamed(name: string, aliases: Readonly<Record<string, string>>): Image | undefined {
  const { registry, repository, tag } = parseImageName(name);
  if (tag === MISSING_TAG) return undefined;
  const short = registry === "docker.io" ? repository.replace(/^library\//, "") : `${registry}/${repository}`;
  const wanted = aliases[short] ?? short;
  return images.find((image) => image.names.some((known) => known === wanted));
}

/** The one tag that no repository has, for labs about image errors. */
export const MISSING_TAG = "nope";

const DIGEST_WORDS = 8;

/** A digest that belongs to the image's content: the same for all its tags. */
function digestOf(image: Image): string {
  const { key } = stream(0, image.names[0] ?? "");
  let text = "";
  for (let word = 0; word < DIGEST_WORDS; word++) text += uint32At(key, word).toString(16).padStart(8, "0");
  return `sha256:${text}`;
}

export function imageView(name: string, image: Image): ImageView {
  return {
    name,
    reference: fullImageName(name),
    id: digestOf(image),
    sizeBytes: image.sizeBytes,
    stopSignal: image.stopSignal,
  };
}

/** How fast an image comes. A choice of this model: 25 MB/s and 300 ms for the manifest. */
export function pullMillis(image: Image): Millis {
  return 300 + Math.ceil(image.sizeBytes / 25_000);
}

/** Why a name cannot be pulled, in containerd's words. Source: golden/h-kubelet-kubectl/05-image-errors. */
export function pullProblem(name: string): string {
  const { registry, repository, tag } = parseImageName(name);
  const full = fullImageName(name);
  const head = `failed to pull and unpack image "${full}": failed to resolve image: `;
  if (registry === "docker.io" && tag === MISSING_TAG) return `${head}${full}: not found`;
  if (registry === "docker.io") {
    return `${head}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;
  }
  const host = registry.split(":")[0] ?? registry;
  const request = `Head "https://${registry}/v2/${repository}/manifests/${tag}"`;
  return `${head}failed to do request: ${request}: dial tcp: lookup ${host} on 10.255.255.53:53: no such host`;
}
