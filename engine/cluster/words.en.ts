/** The sentence for each reason that a line of the trace can have. `{object}`, `{actor}` and the facts of the line are filled in. */
export const words: Readonly<Record<string, string>> = {
  ApiServerReady: "The API server has read everything from etcd and answers.",
  CommandEnded: "The command “{line}” ended with exit code {exitCode}.",
  ContainerDisturbed: "A fault: {change} in {pod}.",
  ContainerExited: "{actor}: container {container} exited with code {exitCode}.",
  ContainerStarted: "{actor}: container {container} started.",
  CriCalled: "{actor} carried out {call}.",
  OutsideHostChanged: "{actor} is now {condition}.",
  ProcessKilled: "{actor} was killed.",
  ProcessPaused: "{actor} is frozen.",
  ProcessResumed: "{actor} goes on.",
  ProcessStarted: "{actor} was started again.",
  ProxyRulesSynced: "{actor} wrote its rules anew.",
  SignalSent: "{actor} sent {signal} to container {container}.",
  SyncFailed: "{actor} failed and will try again: {message}",
};
