import type { LabWords } from "../../words.ts";

export const words: LabWords = {
  title: "Four mechanisms",
  task: `Four apps, four ways to ask how they are: \`web\` speaks HTTP on 8080 (\`/healthz\`, \`/ready\`, and \`/old\`, which redirects), \`queue\` speaks its own protocol over TCP on 9000, \`rpc\` is a gRPC server with the health service on 50051, and \`batch\` has no port: it touches \`/tmp/heartbeat\` every 5 s while it gets on.

Give each a liveness probe in \`apps.yaml\`. The check hangs, breaks and slows down each app at other times: every fault must have its container restarted within 60 s, and a healthy container must never be restarted.`,
  terms: [
    { term: "probe mechanism", chinese: "检查机制" },
    { term: "liveness probe", chinese: "存活探针" },
  ],
  predictions: {
    redirect: {
      ask: "An httpGet liveness probe asks web for /old, and gets 301 with Location: /. What does the kubelet count?",
      options: { success: "A success", failure: "A failure", nothing: "Neither: it asks again at once" },
    },
  },
  checks: {
    redirect: {
      title: "You predicted what a redirect counts",
      proves: "Every status from 200 to 399 is success.",
    },
    web: {
      title: "`web`: seen when it hangs or answers errors, left alone when it is well",
      proves: "httpGet asks for an answer, so it sees a hang that an open port hides.",
    },
    queue: {
      title: "`queue`: seen when its port closes, left alone when it is well",
      proves: "tcpSocket sees exactly what clients of a raw TCP server see: whether it accepts.",
    },
    rpc: {
      title: "`rpc`: seen when it stops serving, left alone when it is well",
      proves: "grpc asks the health service, so it sees NOT_SERVING behind an open port.",
    },
    batch: {
      title: "`batch`: seen when it stops working, left alone when it is well",
      proves: "exec can ask anything that a command can find out, such as the age of a file.",
    },
    "same-apps": {
      title: "The four Deployments still run their own images",
      proves: "Only the probes changed.",
    },
  },
  messages: {
    "redirect/failure": {
      expected: "a success",
      observed: "you predicted a failure",
      next: "Every status from 200 to 399 is success for httpGet. Put /old into the probe and watch: RESTARTS stays 0.",
    },
    "redirect/nothing": {
      expected: "a success",
      observed: "you predicted neither",
      next: "Each probe ends as success or failure. Put /old into the probe and watch: RESTARTS stays 0.",
    },
    "web/port-only": {
      expected: "the hang of web is seen within 60 s",
      observed: "the tcpSocket probe went on to succeed: a hung app still accepts connections",
      next: "Let the probe ask for an answer: httpGet on /healthz.",
    },
    "rpc/port-only": {
      expected: "the fault of rpc is seen within 60 s",
      observed: "the tcpSocket probe went on to succeed: the port stays open while the service does not serve",
      next: "Ask the health service: grpc with port 50051.",
    },
    "queue/port-only": {
      expected: "the fault of queue is seen within 60 s",
      observed: "the probe went on to succeed",
      next: "Ask whether port 9000 accepts: tcpSocket.",
    },
    "batch/port-only": {
      expected: "the fault of batch is seen within 60 s",
      observed: "the probe asked a port, and batch has none",
      next: "Ask the age of /tmp/heartbeat with exec.",
    },
    web: {
      expected: "the fault of web is seen within 60 s, and nothing else is killed",
      observed: "{observedSeconds}",
      next: "Hang, break and heal the app in the page and watch what the probe says.",
    },
    "web/no-liveness": {
      expected: "the fault of web is seen within 60 s",
      observed: "web has no liveness probe: nothing has it restarted",
      next: "Add a livenessProbe that asks what this app can answer.",
    },
    "web/late": {
      expected: "the fault of web is seen within 60 s",
      observed: "the probe may take {patienceSeconds} s",
      next: "Make periodSeconds × failureThreshold + timeoutSeconds less than 60.",
    },
    "web/blind": {
      expected: "the fault of web is seen within 60 s",
      observed: "the probe went on to succeed",
      next: "Ask a path that the app itself has to answer.",
    },
    "web/false-alarm": {
      expected: "web is left alone while it is well",
      observed: "killed after {afterSeconds} s by its {probe} probe although nothing was wrong",
      next: "Look at the probe's message in kubectl describe: path, port and timeout must fit the app.",
    },
    queue: {
      expected: "the fault of queue is seen within 60 s, and nothing else is killed",
      observed: "{observedSeconds}",
      next: "Hang, break and heal the app in the page and watch what the probe says.",
    },
    "queue/no-liveness": {
      expected: "the fault of queue is seen within 60 s",
      observed: "queue has no liveness probe: nothing has it restarted",
      next: "Add a livenessProbe that asks what this app can answer.",
    },
    "queue/late": {
      expected: "the fault of queue is seen within 60 s",
      observed: "the probe may take {patienceSeconds} s",
      next: "Make periodSeconds × failureThreshold + timeoutSeconds less than 60.",
    },
    "queue/blind": {
      expected: "the fault of queue is seen within 60 s",
      observed: "the probe went on to succeed",
      next: "Ask whether port 9000 accepts: tcpSocket.",
    },
    "queue/false-alarm": {
      expected: "queue is left alone while it is well",
      observed: "killed after {afterSeconds} s by its {probe} probe although nothing was wrong",
      next: "queue does not speak HTTP or gRPC: it accepts and waits. tcpSocket asks no more than that.",
    },
    rpc: {
      expected: "the fault of rpc is seen within 60 s, and nothing else is killed",
      observed: "{observedSeconds}",
      next: "Hang, break and heal the app in the page and watch what the probe says.",
    },
    "rpc/no-liveness": {
      expected: "the fault of rpc is seen within 60 s",
      observed: "rpc has no liveness probe: nothing has it restarted",
      next: "Add a livenessProbe that asks what this app can answer.",
    },
    "rpc/late": {
      expected: "the fault of rpc is seen within 60 s",
      observed: "the probe may take {patienceSeconds} s",
      next: "Make periodSeconds × failureThreshold + timeoutSeconds less than 60.",
    },
    "rpc/blind": {
      expected: "the fault of rpc is seen within 60 s",
      observed: "the probe went on to succeed",
      next: "Ask the health service: grpc with port 50051.",
    },
    "rpc/false-alarm": {
      expected: "rpc is left alone while it is well",
      observed: "killed after {afterSeconds} s by its {probe} probe although nothing was wrong",
      next: "Look at port and protocol: rpc serves gRPC on 50051, nothing else.",
    },
    batch: {
      expected: "the fault of batch is seen within 60 s, and nothing else is killed",
      observed: "{observedSeconds}",
      next: "Hang, break and heal the app in the page and watch what the probe says.",
    },
    "batch/no-liveness": {
      expected: "the fault of batch is seen within 60 s",
      observed: "batch has no liveness probe: nothing has it restarted",
      next: "Add a livenessProbe that asks what this app can answer.",
    },
    "batch/late": {
      expected: "the fault of batch is seen within 60 s",
      observed: "the probe may take {patienceSeconds} s",
      next: "Make periodSeconds × failureThreshold + timeoutSeconds less than 60.",
    },
    "batch/blind": {
      expected: "the fault of batch is seen within 60 s",
      observed: "the probe went on to succeed",
      next: "The file stays when the job stops. Ask how old it is: find /tmp/heartbeat -mmin -0.5.",
    },
    "batch/false-alarm": {
      expected: "batch is left alone while it is well",
      observed: "killed after {afterSeconds} s by its {probe} probe although nothing was wrong",
      next: "The heartbeat comes every 5 s. Allow several of them to be late before the probe fails.",
    },
    "same-apps": {
      expected: "Deployments web, queue, rpc and batch with their images, arguments and environment",
      observed: "{what}",
      next: "Undo that change; the task is about probes. The reset button gives the template back.",
    },
  },
  story: {
    "web-hangs": "web hangs: it accepts, and does not answer",
    "web-breaks": "web answers 500",
    "web-slow": "web is slow for a while: 600 ms more for each answer",
    "queue-closes": "queue closes its port",
    "rpc-breaks": "rpc reports NOT_SERVING",
    "rpc-hangs": "rpc hangs",
    "batch-hangs": "batch stops getting on",
    Unhealthy: "{object}: {message}",
    Killing: "{object}: {message}",
    Started: "{object}: a container is started",
  },
  hints: [
    "For each app, ask yourself what a healthy one can do that a broken one cannot. An open port is not always the answer.",
    "httpGet wants a status from 200 to 399, tcpSocket a connection, grpc the answer SERVING, exec the exit code 0. Choose the one that fails when the app fails, and only then.",
    'web: httpGet /healthz on 8080. queue: tcpSocket on 9000. rpc: grpc on 50051. batch: exec with sh -c and test -n "$(find /tmp/heartbeat -mmin -0.5)".',
  ],
  simplified: [
    "A raw TCP server that hangs still accepts: only a probe that speaks its protocol could see that, so the check closes the port.",
    "Commands in containers are a small set: sh, test, find, stat, date, cat and a few more.",
  ],
};
