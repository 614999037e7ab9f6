import { remove, set } from "../kernel/sorted-map.ts";
import { touched, type World } from "./world.ts";

/** Puts a file on the learner's machine, or takes it away when `text` is null. */
export function writeFile(world: World, path: string, text: string | null): World {
  const files = text === null ? remove(world.files, path) : set(world.files, path, text);
  if (files === world.files) return world;
  return { ...touched(world, world.simulation, { kind: "file", path, text }), files };
}
