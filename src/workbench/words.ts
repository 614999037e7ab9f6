import { translate } from "@docusaurus/Translate";

/** Every word of the workbench. */
export const words = {
  starting: (): string => translate({ id: "workbench.starting", message: "The cluster is starting …" }),
  files: (): string => translate({ id: "workbench.files", message: "Files" }),
  readOnly: (): string => translate({ id: "workbench.readOnly", message: "read only" }),
  apply: (): string => translate({ id: "workbench.apply", message: "Apply" }),
  undoFile: (): string => translate({ id: "workbench.undoFile", message: "Original text" }),
  bigEditor: (): string => translate({ id: "workbench.bigEditor", message: "Editor with completion" }),
  loadingEditor: (): string => translate({ id: "workbench.loadingEditor", message: "Loading the editor …" }),
  editorHelp: (): string =>
    translate({ id: "workbench.editorHelp", message: "Tab leaves the editor. Ctrl+M makes Tab indent." }),
  problems: (count: number): string => translate({ id: "workbench.problems", message: "{count} problems" }, { count }),
  terminal: (): string => translate({ id: "workbench.terminal", message: "Terminal" }),
  terminalHelp: (): string =>
    translate({
      id: "workbench.terminalHelp",
      message: "Try “kubectl get pods”. Tab completes, ↑ recalls, Ctrl+R searches. Esc, then Tab leaves.",
    }),
  key: (name: string): string => translate({ id: "workbench.key", message: "Key {name}" }, { name }),
  cluster: (): string => translate({ id: "workbench.cluster", message: "Cluster" }),
  asPicture: (): string => translate({ id: "workbench.asPicture", message: "Picture" }),
  asTable: (): string => translate({ id: "workbench.asTable", message: "Table" }),
  unplaced: (): string => translate({ id: "workbench.unplaced", message: "Not on a node" }),
  noPods: (): string => translate({ id: "workbench.noPods", message: "no Pods" }),
  services: (): string => translate({ id: "workbench.services", message: "Services" }),
  traffic: (): string => translate({ id: "workbench.traffic", message: "Traffic" }),
  outside: (): string => translate({ id: "workbench.outside", message: "Outside the cluster" }),
  ready: (): string => translate({ id: "workbench.ready", message: "ready" }),
  notReady: (): string => translate({ id: "workbench.notReady", message: "not ready" }),
  cordoned: (): string => translate({ id: "workbench.cordoned", message: "cordoned" }),
  terminating: (): string => translate({ id: "workbench.terminating", message: "terminating" }),
  restarts: (count: number): string => translate({ id: "workbench.restarts", message: "restarts {count}" }, { count }),
  endpoints: (ready: number, all: number): string =>
    translate({ id: "workbench.endpoints", message: "{ready} of {all} endpoints ready" }, { ready, all }),
  requests: (failed: number, all: number): string =>
    translate({ id: "workbench.requests", message: "{failed} of {all} requests failed" }, { failed, all }),
  kind: (): string => translate({ id: "workbench.kind", message: "Kind" }),
  name: (): string => translate({ id: "workbench.name", message: "Name" }),
  place: (): string => translate({ id: "workbench.place", message: "Where" }),
  state: (): string => translate({ id: "workbench.state", message: "State" }),
  edit: (line: string): string => translate({ id: "workbench.edit", message: "Editor of: {line}" }, { line }),
  save: (): string => translate({ id: "workbench.save", message: "Save and close" }),
  discard: (): string => translate({ id: "workbench.discard", message: "Close without saving" }),
  log: (): string => translate({ id: "workbench.log", message: "What happened" }),
  systemToo: (): string => translate({ id: "workbench.systemToo", message: "also what the cluster does for itself" }),
  emptyLog: (): string =>
    translate({ id: "workbench.emptyLog", message: "Nothing yet. Let time pass, or type a command." }),
  logTail: (count: number): string =>
    translate({ id: "workbench.logTail", message: "Show {count} earlier lines" }, { count }),
  lookAt: (time: string): string => translate({ id: "workbench.lookAt", message: "Look at {time}" }, { time }),
  time: (): string => translate({ id: "workbench.time", message: "Time" }),
  pause: (): string => translate({ id: "workbench.pause", message: "Pause" }),
  speed: (times: number): string => translate({ id: "workbench.speed", message: "{times}×" }, { times }),
  second: (): string => translate({ id: "workbench.second", message: "+1 s" }),
  nextEvent: (): string => translate({ id: "workbench.nextEvent", message: "Next event" }),
  moment: (): string => translate({ id: "workbench.moment", message: "Moment" }),
  toNow: (): string => translate({ id: "workbench.toNow", message: "Back to the newest" }),
  lookingBack: (time: string): string =>
    translate(
      {
        id: "workbench.lookingBack",
        message: "You look at {time}. What you do here starts a new future; what came after is dropped.",
      },
      { time },
    ),
  story: (): string => translate({ id: "workbench.story", message: "Let the faults happen" }),
  storyPlaying: (): string => translate({ id: "workbench.storyPlaying", message: "The faults are happening …" }),
  storyOver: (): string =>
    translate({ id: "workbench.storyOver", message: "The faults are over. Let them happen again" }),
  check: (): string => translate({ id: "workbench.check", message: "Check my answer" }),
  checks: (): string => translate({ id: "workbench.checks", message: "Checks" }),
  checking: (count: number): string =>
    translate({ id: "workbench.checking", message: "Running your answer in {count} clusters …" }, { count }),
  cancel: (): string => translate({ id: "workbench.cancel", message: "Stop" }),
  cancelled: (): string => translate({ id: "workbench.cancelled", message: "Stopped. Nothing was counted." }),
  checkFailed: (why: string): string =>
    translate(
      { id: "workbench.checkFailed", message: "The check itself failed: {why}. Nothing was counted." },
      { why },
    ),
  allPassed: (): string => translate({ id: "workbench.allPassed", message: "All checks passed." }),
  someFailed: (passed: number, all: number): string =>
    translate({ id: "workbench.someFailed", message: "{passed} of {all} checks passed." }, { passed, all }),
  ran: (run: number, seconds: string): string =>
    translate({ id: "workbench.ran", message: "{run} runs in {seconds} s." }, { run, seconds }),
  expected: (): string => translate({ id: "workbench.expected", message: "Expected" }),
  observed: (): string => translate({ id: "workbench.observed", message: "Observed" }),
  next: (): string => translate({ id: "workbench.next", message: "Next" }),
  passed: (): string => translate({ id: "workbench.passed", message: "passed" }),
  failed: (): string => translate({ id: "workbench.failed", message: "failed" }),
  notYet: (): string => translate({ id: "workbench.notYet", message: "not checked" }),
  smallest: (): string => translate({ id: "workbench.smallest", message: "The smallest run that fails" }),
  watch: (): string => translate({ id: "workbench.watch", message: "Watch it in your cluster" }),
  notModelled: (path: string): string =>
    translate({ id: "workbench.notModelled", message: "not modelled: {path}" }, { path }),
  hints: (): string => translate({ id: "workbench.hints", message: "Hints" }),
  openHint: (level: number): string =>
    translate({ id: "workbench.openHint", message: "Open hint {level} of 3" }, { level }),
  hintLocked: (level: number): string =>
    translate({ id: "workbench.hintLocked", message: "Hint {level} opens after you check another answer." }, { level }),
  reset: (): string => translate({ id: "workbench.reset", message: "Start over" }),
  resetSure: (): string =>
    translate({ id: "workbench.resetSure", message: "Start over and drop your changes to the files?" }),
  download: (): string => translate({ id: "workbench.download", message: "Download recording" }),
  widen: (): string => translate({ id: "workbench.widen", message: "Full window" }),
  narrow: (): string => translate({ id: "workbench.narrow", message: "Back to the page" }),
  trouble: (why: string): string =>
    translate({ id: "workbench.trouble", message: "The cluster stopped: {why}. Start over to go on." }, { why }),
  notSaved: (): string =>
    translate({
      id: "workbench.notSaved",
      message: "This browser does not keep your progress: export it before you leave.",
    }),
} as const;
