// After kubernetes v1.36 pkg/scheduler/framework/plugins/imagelocality/image_locality.go.
import { get, size } from "../../../kernel/sorted-map.ts";
import { NODE_SCORE_MAX, type Plugin } from "../../framework.ts";
import type { Snapshot } from "../../snapshot.ts";

const MEBIBYTE = 1024 * 1024;

/** Source: image_locality.go minThreshold, maxContainerThreshold. */
const LEAST_BYTES = 23 * MEBIBYTE;
const MOST_BYTES_PER_CONTAINER = 1000 * MEBIBYTE;

interface Weighed {
  readonly images: readonly string[];
  readonly snapshot: Snapshot;
}

/** Prefers nodes that have the pod's images already; an image that few nodes have counts less, lest pods heap up there. */
export const imageLocality: Plugin<unknown, Weighed> = {
  name: "ImageLocality",
  preScore: ({ pod }, _, { snapshot }) => {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    return {
      kind: "prepared",
      prepared: { images: containers.map(({ image = "" }) => normalizedName(image)), snapshot },
    };
  },
  score: (_, { node }, { images, snapshot }) => {
    const here = node.status.images;
    if (here === undefined || here.length === 0) return 0;
    const nodes = size(snapshot.places);
    let bytes = 0;
    for (const name of images) {
      const image = here.find((one) => one.names?.includes(name));
      if (image !== undefined)
        bytes += Math.trunc((image.sizeBytes ?? 0) * ((get(snapshot.images, name) ?? 0) / nodes));
    }
    return scoreOf(bytes, images.length);
  },
};

function scoreOf(bytes: number, containers: number): number {
  const most = MOST_BYTES_PER_CONTAINER * containers;
  const counted = Math.min(Math.max(bytes, LEAST_BYTES), most);
  return Math.trunc((NODE_SCORE_MAX * (counted - LEAST_BYTES)) / (most - LEAST_BYTES));
}

/** A name without a tag means `:latest`. */
function normalizedName(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
