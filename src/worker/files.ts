import { type World, writeFile } from "@workbook/engine";
import { HOME } from "@workbook/labs";

type FileTree = World["files"];

/** All files of the learner's machine by absolute path. */
function filesOf(world: World): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const visit = (tree: FileTree): void => {
    if (tree === null) return;
    visit(tree.left);
    found[tree.key] = tree.value;
    visit(tree.right);
  };
  visit(world.files);
  return found;
}

/** The files below the learner's home, by the path that the page uses. */
export function homeFilesOf(world: World): Readonly<Record<string, string>> {
  const own = Object.entries(filesOf(world)).filter(([path]) => path.startsWith(HOME) && !path.startsWith(`${HOME}.`));
  return Object.fromEntries(own.map(([path, text]) => [path.slice(HOME.length), text]));
}

/** The world with these files in the learner's home. */
export function withHomeFiles(world: World, files: Readonly<Record<string, string>>): World {
  return Object.entries(files).reduce((next, [path, text]) => writeFile(next, HOME + path, text), world);
}
