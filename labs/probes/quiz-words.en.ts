import type { ItemWords } from "../quiz.ts";

/** The quiz of chapter 24 in English. */
export const quizWords: Readonly<Record<string, ItemWords>> = {
  "startup-how-often": {
    stem: "A container needs 22 s to start. Its startup probe has `periodSeconds: 5` and `failureThreshold: 30`. When does the kubelet run this probe?",
    options: {
      once: "One time, when the container starts",
      "until-success": "Every 5 s, up to the first success",
      "for-ever": "Every 5 s, for as long as the container lives",
    },
    explanations: {
      once: "One run at second 0 would fail, because the app listens only at second 22, and nothing would ask again. The kubelet repeats the probe every periodSeconds.",
      "until-success":
        "The kubelet asks every periodSeconds. Five runs fail while the app starts, the sixth succeeds, and from then on liveness and readiness take over.",
      "for-ever":
        "The first success ends the startup probe for this container start. After it the kubelet runs liveness and readiness only, until the container is started again.",
    },
  },
  "readiness-for-an-hour": {
    stem: "A readiness probe fails for one hour. Every other probe is absent. How many restarts does the container have at the end?",
    options: {},
    explanations: {
      right:
        "Zero. A failed readiness probe only sets the Pod's Ready condition to False, and the EndpointSlice controller then marks its endpoint as not ready. Nothing is killed.",
      wrong:
        "Readiness never reaches the container: the kubelet writes a condition, and the Service's endpoint follows. Only liveness and startup probes make the kubelet kill.",
      "probes/readiness-restarts":
        "That is what a liveness probe would do every failureThreshold × periodSeconds. Readiness decides about traffic; the kubelet leaves the container alone.",
    },
  },
  mechanisms: {
    stem: "Which mechanisms can a probe use in Kubernetes 1.36? Choose all.",
    options: {
      exec: "`exec`: a command in the container",
      ping: "`icmp`: a ping to the Pod",
      grpc: "`grpc`: the gRPC health service",
      httpGet: "`httpGet`: a GET request",
      log: "`log`: a pattern in the output",
      tcpSocket: "`tcpSocket`: a connection",
    },
    explanations: {
      exec: "exec is one of the four: the kubelet runs the command in the container through the runtime, and exit code 0 means success.",
      ping: "There is no ping probe. A Pod's network stack answers pings even when the program in it hangs, so a ping would prove nothing.",
      grpc: "grpc is the fourth mechanism, stable since 1.27: the kubelet calls the standard health service and wants the answer SERVING. The note's list of three is older.",
      httpGet:
        "httpGet is one of the four: the kubelet sends a GET request to the Pod's IP, and any status from 200 to 399 is success.",
      log: "The kubelet does not read logs to judge health. It stores them; a probe must ask the program something that it can answer.",
      tcpSocket:
        "tcpSocket is one of the four: the kubelet opens a connection to the port, and a connection that is accepted counts as success.",
    },
  },
  "no-probes": {
    stem: "A Pod has no probes. Its program listens 60 s after the container started. From when on does the Service send traffic to the Pod?",
    options: {
      never: "Never, because nothing says that it is ready",
      "port-open": "After 60 s, when the port opens",
      running: "At once, when the container runs",
    },
    explanations: {
      never:
        "A missing probe counts as success, not as failure. The kubelet sets Ready to True as soon as the containers run, so the Service does use the Pod.",
      "port-open":
        "Nobody watches the port when there is no probe. containerPort is only information; the kubelet looks at a port only if a probe tells it to.",
      running:
        "Without a probe the state is Success. The Pod is Ready as soon as its container runs, and clients get refused connections for 60 s.",
    },
  },
  "startup-again": {
    stem: "A liveness probe failed and the kubelet restarted the container. Does the startup probe run again?",
    options: {
      yes: "Yes, at every container start",
      "once-per-pod": "No, one time for each Pod is enough",
      "on-new-pod": "It does, but in the Pod that replaces this one",
    },
    explanations: {
      yes: "The startup probe belongs to the start of a container. After each restart liveness and readiness wait again until it has succeeded once.",
      "once-per-pod":
        "If that were so, a slow app would be killed on its second start, because liveness would begin at once. The kubelet resets the probe's state with each container.",
      "on-new-pod":
        "No Pod is replaced here. Liveness restarts the container in the same Pod on the same node, and there the startup probe runs again.",
    },
  },
  effects: {
    stem: "Match each event to what Kubernetes does.",
    options: {
      "liveness-fails": "The liveness probe fails failureThreshold times",
      "readiness-fails": "The readiness probe fails failureThreshold times",
      "startup-fails": "The startup probe uses up its budget",
      "all-succeed": "All probes succeed, but the answers are wrong",
      restart: "The container is killed, then restartPolicy decides",
      "no-traffic": "The endpoint is marked not ready",
      nothing: "Nothing",
    },
    explanations: {
      right:
        "Liveness and startup failures make the kubelet kill the container; readiness only changes the endpoint. What no probe asks about, nobody repairs.",
      wrong:
        "A probe has two possible effects: the kubelet kills the container (liveness, startup) or its endpoint turns not ready (readiness). Anything else stays as it is.",
    },
  },
  "never-policy": {
    stem: "A Pod has `restartPolicy: Never`. Its liveness probe fails three times. What becomes of it?",
    options: {
      restarted: "Its container is restarted",
      failed: "Its phase becomes Failed",
      ignored: "It runs on, the probe is ignored",
    },
    explanations: {
      restarted:
        "A liveness probe only kills. Whether the container is started again is decided by restartPolicy afterwards, and Never means no.",
      failed:
        "The kubelet kills the container because of the probe; restartPolicy Never forbids a new start, so the Pod ends in the phase Failed.",
      ignored:
        "The probe works under every restartPolicy: the kubelet kills the container. Only the step after that, the restart, depends on the policy.",
    },
  },
  detection: {
    stem: "Liveness: `initialDelaySeconds: 30`, `periodSeconds: 5`, `timeoutSeconds: 2`, `failureThreshold: 3`. The app has been well for an hour and hangs just after a probe. After how many seconds does the kubelet decide to kill?",
    options: {},
    explanations: {
      right:
        "Three failures in a row are needed: the probes start 5, 10 and 15 s after the last good one, and the third needs 2 s to time out.",
      wrong:
        "Count the probes after the last good one: one every periodSeconds, failureThreshold of them, and the last one takes timeoutSeconds to fail.",
      "probes/one-failure-is-enough":
        "That is the moment of the first failure. The kubelet waits for failureThreshold failures in a row, here three, before it kills the container.",
      "probes/delay-again-after-ready":
        "initialDelaySeconds counts once, from the start of the container. An hour later it plays no part in how fast a hang is seen.",
    },
  },
  "order-of-a-restart": {
    stem: "An app with startup and liveness probes hangs and ignores every signal. Put the events in order.",
    options: {
      "first-failure": "The liveness probe times out for the first time",
      "third-failure": "The liveness probe times out for the third time in a row",
      term: "The program gets SIGTERM",
      kill: "The grace period is over: SIGKILL",
      "new-container": "A new container is started in the same Pod",
      "startup-succeeds": "The startup probe succeeds",
    },
    explanations: {
      right:
        "failureThreshold failures, then SIGTERM, the grace period, SIGKILL, a new container in the same Pod, and only after the startup probe's success does liveness begin again.",
      wrong:
        "The kubelet kills after failureThreshold failures in a row. Killing means SIGTERM, then SIGKILL when the grace period is over. The startup probe then runs anew.",
    },
  },
  redirect: {
    stem: "`httpGet: { path: /old, port: 8080 }` is the liveness probe, and the app answers `301 Moved Permanently` with `Location: /`. What does `kubectl get pod` show after five minutes?",
    options: {
      fails: "RESTARTS 5 or more",
      warns: "RESTARTS 0, READY 0/1",
      succeeds: "RESTARTS 0, READY 1/1",
    },
    explanations: {
      fails:
        "Restarts would need a failed probe. The kubelet counts every status from 200 to 399 as success, so a redirect is no reason to kill.",
      warns:
        "Only a readiness probe could make the Pod not ready, and this Pod has none. A redirect to the same host is followed and counts as success.",
      succeeds:
        "Every status from 200 to 399 is success for an httpGet probe, so the redirect keeps the container alive and nothing is restarted.",
    },
  },
  "tcp-on-a-hung-app": {
    stem: "The only probe is a `tcpSocket` liveness probe on port 8080. The HTTP app behind it hangs: it accepts connections and never answers. What happens?",
    options: {
      blind: "Nothing: the probe goes on to succeed",
      restarts: "The container is restarted within a minute",
      unready: "The Pod becomes not ready, and gets no traffic",
    },
    explanations: {
      blind:
        "The kernel accepts the connection for the program, and that is all a tcpSocket probe asks. It never sends a request, so it cannot see the hang.",
      restarts:
        "That needs a failed probe. The socket still accepts, so the tcpSocket probe succeeds every time; an httpGet probe would have timed out.",
      unready:
        "Readiness needs a readiness probe of its own, and this Pod has none. With none the Pod counts as ready while its container runs.",
    },
  },
  "budget-field": {
    stem: "A startup probe has `periodSeconds: 10`. Which other field of it decides how long the app may take to start?",
    options: {},
    explanations: {
      right:
        "failureThreshold × periodSeconds is the budget: the kubelet kills the container when that many probes in a row have failed before the first success.",
      wrong:
        "The budget of a start is failureThreshold × periodSeconds: so many failures in a row are allowed, one every period, before the kubelet kills.",
      "probes/delay-instead-of-startup":
        "initialDelaySeconds only postpones the first probe, for fast and slow starts alike. The budget is failureThreshold × periodSeconds.",
      "probes/timeout-cures":
        "timeoutSeconds is the longest wait for one answer. How many probes may fail before the kubelet kills is failureThreshold.",
    },
  },
  "pod-ip": {
    stem: "A Pod fails its readiness probe, but its program answers. A client connects to the Pod's IP, not to the Service. What does it get?",
    options: {
      blocked: "A refused connection, as through the Service",
      answered: "An answer, as if the Pod were ready",
      rerouted: "An answer, but from another Pod",
    },
    explanations: {
      blocked:
        "Readiness adds no packet filter. It changes the EndpointSlice, and kube-proxy's rules for the Service follow; the Pod's own address works as before.",
      answered:
        "Only the endpoint changed. Packets to the Pod IP pass no Service rule, so the program still gets them and answers.",
      rerouted:
        "Only a Service address is translated to some Pod. A packet to a Pod IP is routed to that Pod and to no other.",
    },
  },
  "database-down": {
    stem: "Six replicas have a liveness probe on `/healthz`, which asks the database. The database is down for two minutes. What do you see in the Pods?",
    options: {
      "only-errors": "Errors in the answers, but RESTARTS stays 0",
      heals: "The restart brings the database connection back",
      "all-restart": "All six are restarted, again and again",
    },
    explanations: {
      "only-errors":
        "That would be so if liveness asked only about the process. Here each probe gets 503, and after three failures the kubelet kills a container that could not help it.",
      heals:
        "A restart repairs a broken process. The database is outside: the new container's probe fails in the same way, and back-off makes the outage longer.",
      "all-restart":
        "Every probe gets 503 because of the database, so the kubelet kills all six within half a minute, and the new containers fail in the same way.",
    },
  },
  "default-threshold": {
    stem: "With default settings, after how many failures in a row does a liveness probe make the kubelet act?",
    options: {},
    explanations: {
      right:
        "failureThreshold is 3 by default: with periodSeconds 10 a fault must last for about half a minute before the kubelet kills the container.",
      wrong:
        "failureThreshold is 3 by default. The counter starts again at zero with every success, so the three failures must follow each other.",
      "probes/one-failure-is-enough":
        "One lost packet would then kill a healthy container. The kubelet counts failureThreshold failures in a row, three by default.",
    },
  },
  "same-pod": {
    stem: "A liveness failure restarted the container of `web-1`. What is different afterwards?",
    options: {
      "new-pod": "The Pod's name: a new Pod took its place",
      same: "The restart count; Pod, node and IP stay",
      "same-node-new-ip": "The Pod's IP, while name and node stay",
    },
    explanations: {
      "new-pod":
        "The kubelet restarts a container inside its Pod. A new Pod appears only when the Pod object is deleted, and a liveness probe never does that.",
      same: "Container and restart count are new; the Pod object, its node and its IP stay, because the sandbox that holds the network is not touched.",
      "same-node-new-ip":
        "The IP belongs to the Pod's sandbox. Restarting a container leaves the sandbox and its network namespace as they are, so the address stays.",
    },
  },
  "ready-is-not-healthy": {
    stem: "A Service has three Pods without probes. One of them hangs. Clients send requests through the Service for a minute. How many fail?",
    options: {
      "a-third-fail": "About one third",
      "none-fail": "None: the Service leaves the hung Pod out",
      "all-fail": "All, as long as one Pod hangs",
    },
    explanations: {
      "a-third-fail":
        "Without a readiness probe the hung Pod stays ready, and kube-proxy's rules choose it for about every third connection. Ready is no deep health check.",
      "none-fail":
        "A Service knows only what EndpointSlices say. Nothing marked the hung Pod as not ready, so it keeps its share of the connections.",
      "all-fail":
        "Each connection is sent to one endpoint chosen at random. The two healthy Pods answer theirs; only connections to the hung Pod fail.",
    },
  },
  "what-liveness-asks": {
    stem: "What should a liveness probe ask an API server that needs a database and two neighbour services?",
    options: {
      database: "Whether the database answers a query",
      "own-loop": "Whether its own request loop still turns",
      neighbours: "Whether both of its neighbours are well",
    },
    explanations: {
      database:
        "A restart cannot repair the database. With this question an outage of one machine restarts every replica and makes the recovery slower.",
      "own-loop":
        "Liveness decides about a restart, so it must ask for what a restart can repair: a deadlock or a stuck loop in the process itself.",
      neighbours:
        "If each service asks its neighbours, one fault restarts them all in a chain. What others need belongs to readiness, if anywhere.",
    },
  },
  "longest-wait": {
    stem: "A container fails again and again. How long is the longest wait that the kubelet puts between two restarts?",
    options: {
      "no-wait": "There is no wait",
      "no-limit": "It doubles without limit",
      "five-minutes": "Five minutes",
    },
    explanations: {
      "no-wait":
        "Only the first restarts come at once. After that the kubelet backs off: 10 s, 20 s, 40 s and so on, shown as CrashLoopBackOff.",
      "no-limit":
        "The doubling ends at 300 s. After ten minutes without a failure the back-off is forgotten, and the next failure starts at 10 s.",
      "five-minutes":
        "The back-off doubles from 10 s and is cut at 300 s, so that a repaired image or configuration is tried again soon enough.",
    },
  },
  "who-asks": {
    stem: "Who sends the HTTP request of a readiness probe?",
    options: {
      kubelet: "The kubelet on the Pod's node",
      "api-server": "The API server",
      "kube-proxy": "kube-proxy, before it forwards",
    },
    explanations: {
      kubelet:
        "All three kinds of probe are run by the kubelet of the Pod's own node; only the result travels, as a condition in the Pod's status.",
      "api-server":
        "The API server stores the result. If it is away, the kubelets go on to probe and to restart containers all the same.",
      "kube-proxy":
        "kube-proxy reads EndpointSlices and writes rules. It never asks a Pod anything, so a hung but ready Pod keeps getting connections.",
    },
  },
};
