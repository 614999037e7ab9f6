/** Files that src/tools/site-plugin.ts writes during the build. */
declare module "@generated/workbook/default/*" {
  const data: unknown;
  export default data;
}

/** A module of monaco-editor that its types leave out: workers as monaco-yaml makes them. */
declare module "monaco-editor/internal/common/workers" {
  export function createWebWorker(options: object): unknown;
}

declare module "monaco-yaml/yaml.worker.js";
declare module "monaco-editor/editor/contrib/*";
