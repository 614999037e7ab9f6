/** What the kubeconfig and the flags say about the cluster and the caller. */
export interface Kubeconfig {
  readonly server: string;
  readonly namespace: string;
  /** Whether `-n` was given. */
  readonly namespaceGiven: boolean;
  readonly token: string;
  /** The headers of `--as` and its companions. */
  readonly impersonation: Readonly<Record<string, string>> | undefined;
  /** The line names another server than the one this terminal is connected to. */
  readonly elsewhere: boolean;
}
