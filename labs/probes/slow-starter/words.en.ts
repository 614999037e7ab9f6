import type { LabWords } from "../../words.ts";

export const words: LabWords = {
  title: "Slow starter",
  task: `The Deployment \`app\` needs 40 to 200 seconds to start; nobody knows in advance how many. Later it hangs: it still accepts connections, but never answers. Its template has one liveness probe, every 10 s.

Edit \`app.yaml\` so that a slow start survives and a container that hangs is replaced within 30 s. Apply it with \`kubectl apply -f app.yaml\`, watch, then check. The check runs 1,000 schedules with other start times and other hangs. Leave image, arguments and environment as they are.`,
  terms: [
    { term: "startup probe", chinese: "启动探针" },
    { term: "liveness probe", chinese: "存活探针" },
  ],
  predictions: {
    restarts: {
      ask: "The template is applied as it is, and this start takes 120 s. What does the container do in the first five minutes?",
      options: {
        never: "It starts once, and serves after 120 s",
        once: "It is restarted once, then it serves",
        "for-ever": "It is restarted again and again, and never serves",
      },
    },
  },
  checks: {
    prediction: {
      title: "You predicted what the template does",
      proves: "You saw it coming: three failures at 10 s each are over long before any start is.",
    },
    "survives-start": {
      title: "No container is killed while it starts",
      proves: "The startup budget failureThreshold × periodSeconds covers the slowest start, at every container start.",
    },
    "hang-replaced": {
      title: "A container that hangs is replaced within 30 s",
      proves: "Liveness sees a hang in failureThreshold × periodSeconds, also right after a fast start.",
    },
    serves: {
      title: "The app gets traffic within 30 s of being up",
      proves: "The startup probe asks often enough: its first success comes soon after the app listens.",
    },
    "same-app": {
      title: "Deployment, image and Service are still what they were",
      proves: "Only the probes changed.",
    },
  },
  messages: {
    "prediction/never": {
      expected: "again and again: liveness asks from second 0 on",
      observed: "you predicted that the start survives",
      next: "Watch RESTARTS with the template: liveness does not wait for a start unless a startup probe holds it back.",
    },
    "prediction/once": {
      expected: "again and again: the second start is as slow as the first",
      observed: "you predicted one restart",
      next: "Look at the second container: the same three failures come before the same slow start is over.",
    },
    "survives-start": {
      expected: "no kill before the app listens, {needsSeconds} s after its start",
      observed: "the {probe} probe had it killed after {afterSeconds} s",
      next: "Give the start a budget that no start exceeds: a startup probe holds liveness back until it has succeeded.",
    },
    "startup-once": {
      expected: "a start of {needsSeconds} s survives",
      observed: "killed after {afterSeconds} s, at the first failed startup probe",
      next: "A startup probe does not run once: it repeats every period until its first success. Set failureThreshold × periodSeconds ≥ 200 s.",
    },
    "budget-too-small": {
      expected: "a start of {needsSeconds} s survives",
      observed: "the startup probe had it killed after {afterSeconds} s: its budget is {budgetSeconds} s",
      next: "Raise failureThreshold of the startup probe until failureThreshold × periodSeconds ≥ 200 s.",
    },
    "delay-too-short": {
      expected: "a start of {needsSeconds} s survives",
      observed: "liveness began after {delaySeconds} s and killed at {afterSeconds} s",
      next: "A delay guesses one number for all starts. Use a startup probe, which ends as soon as the app is up.",
    },
    "hang-replaced": {
      expected: "a new container within 30 s of the hang",
      observed: "{observedSeconds}",
      next: "Work out periodSeconds × failureThreshold + timeoutSeconds of the liveness probe, and add the grace period.",
    },
    "delay-leaves-gap": {
      expected: "a hang is seen in 30 s, also after a fast start",
      observed:
        "the app was up after {startSeconds} s and hung at {hangSeconds} s; liveness slept until {delaySeconds} s",
      next: "initialDelaySeconds protects slow starts by leaving fast ones unwatched. Replace it by a startup probe.",
    },
    "too-patient": {
      expected: "a hang is seen in 30 s",
      observed: "liveness forgives {failureThreshold} failures, {patienceSeconds} s in all",
      next: "Move the patience to the startup probe, and let liveness stay quick: 3 × 5 s is enough.",
    },
    "one-second-late": {
      expected: "a new container within 30 s of the hang",
      observed:
        "with periodSeconds {periodSeconds}, failureThreshold {failureThreshold} and timeoutSeconds {timeoutSeconds} it can take {patienceSeconds} s",
      next: "The last probe needs its timeout too, and then the grace period runs. Ask more often.",
    },
    "port-only": {
      expected: "a hang is seen in 30 s",
      observed: "the tcpSocket probe went on to succeed: a hung app still accepts connections",
      next: "Ask the app for an answer: use httpGet on /healthz for liveness.",
    },
    "no-liveness": {
      expected: "a hang is seen in 30 s",
      observed: "no liveness probe: nobody asks after the start",
      next: "A startup probe ends at its first success. Put a liveness probe beside it.",
    },
    "never-up": {
      expected: "the app comes up, so that a hang can be seen",
      observed: "it was killed in every start and never came up",
      next: "Repair the start first: see the check above.",
    },
    serves: {
      expected: "a ready endpoint within 30 s after the app listens",
      observed: "{observedSeconds}",
      next: "Ask the startup probe and the readiness probe more often: traffic waits for their next success.",
    },
    "same-app": {
      expected: "Deployment app with its image, arguments and environment, and Service app",
      observed: "{what}",
      next: "Undo that change; the task is about probes. The reset button gives the template back.",
    },
  },
  story: {
    starts: "a container starts; this start takes {startSeconds} s",
    hangs: "the app hangs",
    "starts-again": "the new container starts; this start takes {secondStartSeconds} s",
    Unhealthy: "{object}: {message}",
    Killing: "{object}: {message}",
    Started: "{object}: a container is started",
  },
  hints: [
    "Two jobs are mixed up in one probe: being patient with a start, and being quick with a hang. Which probe does the kubelet run before all others?",
    "A startup probe holds liveness and readiness back until its first success. Its budget is failureThreshold × periodSeconds. After it, liveness may be as strict as you like.",
    "Add a startupProbe with the same httpGet, periodSeconds 10 and a failureThreshold of at least 20. Then make liveness ask every 5 s with failureThreshold 3: 3 × 5 s, 1 s timeout and 5 s grace are within 30 s.",
  ],
  simplified: [
    "The start time is drawn evenly from 40 to 200 s; real starts have long tails.",
    "A hung program ignores SIGTERM and is killed when the grace period is over.",
  ],
};
