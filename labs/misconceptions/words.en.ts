import type { MisconceptionWords } from "../words.ts";

/** Each belief in the words of somebody who holds it, and what is true. */
export const misconceptionWords: Readonly<Record<string, MisconceptionWords>> = {
  "probes/startup-runs-once": {
    belief: "A startup probe runs only once, when the container starts.",
    truth: "It runs every periodSeconds until it first succeeds, and again at every container start.",
  },
  "probes/startup-never-stops": {
    belief: "A startup probe runs as long as the container lives.",
    truth: "Its first success ends it; liveness and readiness take over.",
  },
  "probes/readiness-restarts": {
    belief: "A failing readiness probe restarts the container.",
    truth: "It only marks the endpoint as not ready; the container is left alone.",
  },
  "probes/reachable-means-healthy": {
    belief: "A program that accepts connections is healthy.",
    truth: "The kernel accepts connections for a hung program too; only a request shows the hang.",
  },
  "probes/three-mechanisms": {
    belief: "There are three probe mechanisms: HTTP, TCP and command.",
    truth: "There are four: exec, httpGet, tcpSocket and, stable since 1.27, grpc.",
  },
  "probes/repairs-everything": {
    belief: "Probes repair any problem by themselves.",
    truth: "A probe restarts a container or withholds traffic; what lies outside the container is not repaired.",
  },
  "probes/no-probe-means-not-ready": {
    belief: "Without a probe a Pod is never ready.",
    truth: "A missing probe counts as success: the Pod is ready when its containers run.",
  },
  "probes/port-is-watched": {
    belief: "Kubernetes waits until the container's port is open.",
    truth: "Nobody looks at a port unless a probe says so; containerPort is only information.",
  },
  "probes/liveness-moves-the-pod": {
    belief: "A liveness failure replaces the Pod or moves it to another node.",
    truth: "The container is restarted in the same Pod, on the same node, with the same IP.",
  },
  "probes/liveness-always-restarts": {
    belief: "A liveness failure always restarts the container.",
    truth: "It kills the container; restartPolicy decides whether it is started again.",
  },
  "probes/never-switches-probes-off": {
    belief: "With restartPolicy Never a liveness probe has no effect.",
    truth: "The container is killed all the same, and the Pod ends as Failed.",
  },
  "probes/one-failure-is-enough": {
    belief: "The first failed probe makes the kubelet act.",
    truth: "failureThreshold failures in a row are needed, three by default.",
  },
  "probes/delay-again-after-ready": {
    belief: "initialDelaySeconds counts again before every detection.",
    truth: "It counts once, from the start of the container.",
  },
  "probes/redirect-fails": {
    belief: "An HTTP probe needs the status 200.",
    truth: "Every status from 200 to 399 is success, redirects included.",
  },
  "probes/delay-instead-of-startup": {
    belief: "A long initialDelaySeconds is as good as a startup probe.",
    truth: "The delay holds for fast starts too: a container that is up early stays unwatched until it is over.",
  },
  "probes/timeout-cures": {
    belief: "A longer timeout keeps a liveness probe from killing in an outage.",
    truth: "A quick error is no timeout, and a longer wait only puts the kill off.",
  },
  "probes/patience-is-free": {
    belief: "A large failureThreshold on liveness costs nothing.",
    truth: "Every failure that is forgiven adds one period to the time until a hang is seen.",
  },
  "probes/not-ready-is-unreachable": {
    belief: "A Pod that is not ready can no longer be reached.",
    truth: "Only new connections through the Service avoid it; its own IP and open connections work on.",
  },
  "probes/service-owns-the-pod-ip": {
    belief: "A request to a Pod's IP may be answered by another Pod of the Service.",
    truth: "Only a Service address is translated; a Pod IP leads to that Pod.",
  },
  "probes/restarts-need-a-crash": {
    belief: "A container is restarted only when its program crashes.",
    truth: "A failed liveness probe kills a program that runs perfectly well.",
  },
  "probes/service-knows-health": {
    belief: "A Service sends requests to healthy Pods only.",
    truth: "It sends them to ready endpoints; without a readiness probe a hung Pod is ready.",
  },
  "probes/one-pod-breaks-the-service": {
    belief: "One hung Pod makes the whole Service fail.",
    truth: "Only the connections that are sent to this Pod fail.",
  },
  "probes/liveness-checks-dependencies": {
    belief: "Liveness should ask whether everything that the app needs is well.",
    truth: "Liveness should ask only what a restart can repair: the process itself.",
  },
  "probes/restart-without-wait": {
    belief: "A failing container is restarted at once, every time.",
    truth: "The kubelet backs off: 10 s, doubling up to 300 s.",
  },
  "probes/backoff-without-limit": {
    belief: "The wait between restarts doubles for ever.",
    truth: "It is cut at 300 s, and forgotten after ten minutes without failure.",
  },
  "probes/control-plane-probes": {
    belief: "The control plane runs the probes.",
    truth: "The kubelet on the Pod's own node runs all three kinds.",
  },
};
