import type { Millis } from "../kernel/process.ts";

/** The kubelet's own timetable, each number with the place it comes from. */

/** pkg/kubelet/kubelet.go genericPlegRelistPeriod: how often the PLEG looks at the runtime. */
export const RELIST_MILLIS: Millis = 1000;
/** After a sync that has started or stopped something the PLEG looks at the pod at once. Source: golden/i-kubelet-writes: status 5 to 15 ms after Started. */
export const POD_RELIST_MILLIS: Millis = 8;
/** pkg/kubelet/kubelet.go syncLoop: the ticker that hands out pods whose work is due. */
export const SYNC_TICK_MILLIS: Millis = 1000;
/** pkg/kubelet/apis/config/v1beta1/defaults.go SyncFrequency. */
export const RESYNC_MILLIS: Millis = 60_000;
/** pkg/kubelet/pod_workers.go workerResyncIntervalJitterFactor and workerBackOffPeriodJitterFactor. */
export const WORK_JITTER_PERCENT = 50;
/** pkg/kubelet/kubelet.go backOffPeriod: after a sync that failed. */
export const FAILED_SYNC_MILLIS: Millis = 10_000;
/** pkg/kubelet/kubelet.go containerBackOffPeriod and MaxContainerBackOff. */
export const BACK_OFF_FIRST_MILLIS: Millis = 10_000;
export const BACK_OFF_MILLIS_MAX: Millis = 300_000;
/** pkg/kubelet/kuberuntime/kuberuntime_container.go minimumGracePeriodInSeconds. */
export const GRACE_SECONDS_MIN = 2;
/** pkg/kubelet/volumemanager/volume_manager.go podAttachAndMountRetryInterval: a pod with volumes looks again after this. */
export const MOUNT_POLL_MILLIS: Millis = 300;
/** pkg/kubelet/status/status_manager.go syncPeriod: a status that could not be written is tried again. */
export const STATUS_RETRY_MILLIS: Millis = 10_000;
/** pkg/kubelet/apis/config/v1beta1/defaults.go NodeStatusReportFrequency; NodeLeaseDurationSeconds 40, renewed at a quarter of it. */
export const NODE_STATUS_MILLIS: Millis = 300_000;
export const NODE_STATUS_UPDATE_MILLIS: Millis = 10_000;
export const LEASE_RENEW_MILLIS: Millis = 10_000;
/** Every fourth renewal: the rarest that the node-lifecycle controller (grace 50 s, looks every 5 s) takes for a living node. */
export const LEASE_RENEW_QUIET_MILLIS: Millis = 4 * LEASE_RENEW_MILLIS;
export const LEASE_SECONDS = 40;
/** pkg/kubelet/eviction/types.go: how often local storage limits are looked at, and how old cached volume usage may be. */
export const EVICTION_MILLIS: Millis = 10_000;
export const VOLUME_STATS_MILLIS: Millis = 60_000;
/** By how much the tickers of a container's probes lie behind its first: they start one after another. Source: golden/g-kubelet/14. */
export const PROBE_LAG_MILLIS = { liveness: 0, startup: 10, readiness: 40 } as const;
/** How long a restarted kubelet needs until it looks at pods. Source: golden/g-kubelet/34 and 36: 1.1 to 1.4 s. */
export const START_UP_MILLIS: Millis = 1100;
/** pkg/apis/core/v1/defaults.go SetDefaults_Probe. */
export const PROBE_DEFAULTS = {
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
} as const;
/** pkg/kubelet/kubelet.go: containers of one name that are kept after their death. */
export const DEAD_CONTAINERS_KEPT = 1;
