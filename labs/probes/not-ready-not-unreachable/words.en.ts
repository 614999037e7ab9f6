import type { LabWords } from "../../words.ts";

export const words: LabWords = {
  title: "Not ready ≠ unreachable",
  task: `The Pod \`web\` stands behind the Service \`web\`. A client has one connection open through the Service. Then the readiness probe begins to fail: somebody creates \`/tmp/closed\` in the container. The program itself is well and goes on to answer.

Predict what each client gets one minute later, and what \`kubectl\` shows. Your answers are locked when you press Run; then watch. To try it by hand: \`kubectl apply -f web.yaml\`, and later \`kubectl exec web -- touch /tmp/closed\`.`,
  terms: [
    { term: "readiness probe", chinese: "就绪探针" },
    { term: "endpoint", chinese: "端点" },
  ],
  predictions: {
    service: {
      ask: "A new connection through the Service web",
      options: { answered: "is answered", refused: "is refused", silent: "waits until it times out" },
    },
    "pod-ip": {
      ask: "A new connection to the Pod's IP",
      options: { answered: "is answered", refused: "is refused", silent: "waits until it times out" },
    },
    open: {
      ask: "The connection that was open before",
      options: { "goes-on": "goes on to be answered", cut: "is cut", moved: "is moved to another Pod" },
    },
    restarts: { ask: "RESTARTS of the Pod after one minute" },
    endpoint: {
      ask: "The Pod's address in the EndpointSlice",
      options: { marked: "is there, with ready: false", removed: "is gone", unchanged: "is there, with ready: true" },
    },
  },
  checks: {
    service: {
      title: "A new connection through the Service",
      proves: "kube-proxy leaves out endpoints that are not ready.",
    },
    "pod-ip": {
      title: "A new connection to the Pod's IP",
      proves: "Readiness adds no filter: the Pod's own address works on.",
    },
    open: { title: "The open connection", proves: "Rules choose an endpoint when a connection begins, and not again." },
    restarts: { title: "The restart count", proves: "Readiness never restarts anything." },
    endpoint: {
      title: "The endpoint",
      proves: "The controller marks the endpoint; only a Pod that is gone is taken out.",
    },
  },
  messages: {
    "service/answered": {
      expected: "refused",
      observed: "you predicted: answered",
      next: "Run `kubectl get endpointslices -o yaml` a minute later: the only endpoint is not ready, so the Service has nobody to send to.",
    },
    "service/silent": {
      expected: "refused",
      observed: "you predicted: a timeout",
      next: "For a Service without ready endpoints kube-proxy installs a rule that rejects. A rejected connection fails at once.",
    },
    "pod-ip/refused": {
      expected: "answered",
      observed: "you predicted: refused",
      next: "Only endpoints change when readiness fails. The program still listens on the Pod's IP: connect to it and see.",
    },
    "pod-ip/silent": {
      expected: "answered",
      observed: "you predicted: a timeout",
      next: "No packet to the Pod is dropped when readiness fails; only the Service's endpoints change.",
    },
    "open/cut": {
      expected: "goes on",
      observed: "you predicted: cut",
      next: "Connection tracking keeps an open connection on its endpoint. Readiness closes no sockets: watch the client's count.",
    },
    "open/moved": {
      expected: "goes on",
      observed: "you predicted: moved",
      next: "A connection belongs to the program that accepted it; another Pod knows nothing of it. There is no other Pod here either.",
    },
    "restarts/readiness-restarts": {
      expected: "{expected}",
      observed: "you predicted {answered}",
      next: "That would be liveness. Readiness never restarts a container: watch RESTARTS while it fails.",
    },
    "endpoint/removed": {
      expected: "there, with ready: false",
      observed: "you predicted: gone",
      next: "Run `kubectl get endpointslices -o yaml`: the address stays, with ready and serving false, so that others can decide.",
    },
    "endpoint/unchanged": {
      expected: "there, with ready: false",
      observed: "you predicted: there, with ready: true",
      next: "The kubelet writes Ready False into the Pod's status, and the EndpointSlice controller copies it.",
    },
  },
  story: {
    opens: "a client opens a connection through the Service",
    closes: "somebody creates /tmp/closed: the readiness probe begins to fail",
    "new-clients": "new clients connect, one to the Service, one to the Pod's IP",
  },
  hints: [
    "Follow the news: who is told that the probe failed, and who is not told?",
    "The kubelet writes a condition, the EndpointSlice controller marks the endpoint, kube-proxy changes the rules for new connections to the Service. The program hears nothing.",
    "Refused through the Service, answered by Pod IP, the open connection goes on, no restart, and the endpoint is there with ready: false.",
  ],
  simplified: ["A connection is one client that keeps its backend; single packets come with the network chapters."],
};
