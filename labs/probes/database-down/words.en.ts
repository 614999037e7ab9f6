import type { LabWords } from "../../words.ts";

export const words: LabWords = {
  title: "Database down",
  task: `Six replicas of \`api\` stand behind a Service. Their liveness probe asks \`/healthz\`, and that asks the database. Clients send 50 requests per second. The database goes away for about two minutes and comes back.

First predict what the six containers do. Then change the probes in \`api.yaml\` so that the app recovers by itself: no container is restarted because of the database, no client is sent to a Pod that cannot answer, and the errors end within 10 s after the database is back. A container that really hangs must still be replaced. The app answers on \`/livez\` (the process alone), \`/ready\`, \`/healthz\` and \`/\` (with the database).`,
  terms: [
    { term: "liveness probe", chinese: "存活探针" },
    { term: "readiness probe", chinese: "就绪探针" },
  ],
  predictions: {
    restarted: {
      ask: "With the template, how many of the six Pods have at least one restart when an outage of 150 s is over?",
    },
    recovery: {
      ask: "With the template and an outage of 150 s, when is the first request answered again?",
      options: {
        "at-once": "As soon as the database is back",
        soon: "Within 10 s after it is back",
        late: "Later: the containers are waiting for their next start",
      },
    },
  },
  checks: {
    "predict-restarted": {
      title: "You predicted how many Pods restart",
      proves: "One fault outside reaches every replica, because every replica asks about it.",
    },
    "predict-recovery": {
      title: "You predicted when the first request is answered again",
      proves: "Back-off makes the outage longer than the fault that caused it.",
    },
    "no-restarts": {
      title: "No container is killed because of the database",
      proves: "Liveness asks only for what a restart can repair.",
    },
    withheld: {
      title: "No client is sent to a Pod that cannot answer",
      proves: "Readiness takes the endpoints out while the database is away.",
    },
    "errors-end": {
      title: "The errors end within 10 s after the database is back",
      proves: "Readiness asks often enough, and no container has to start first.",
    },
    "deadlock-seen": {
      title: "A Pod that hangs is still replaced within 60 s",
      proves: "Liveness does its own job.",
    },
    "same-app": {
      title: "Six replicas, the same image, the Service in place",
      proves: "Only the probes changed.",
    },
  },
  messages: {
    "predict-restarted": {
      expected: "{expected} of 6",
      observed: "you predicted {answered}",
      next: "Play the outage with the template and watch RESTARTS: every replica asks the same database, so every replica fails.",
    },
    "predict-recovery/at-once": {
      expected: "later than 10 s after the database is back",
      observed: "you predicted: at once",
      next: "Play the outage with the template and look at STATUS when the database is back: CrashLoopBackOff waits for its time.",
    },
    "predict-recovery/soon": {
      expected: "later than 10 s after the database is back",
      observed: "you predicted: within 10 s",
      next: "The wait doubles with each restart: 10, 20, 40, 80 s. After several restarts the containers wait long after the database is back.",
    },
    "no-restarts": {
      expected: "no kill because of the database",
      observed: "{pod} was killed {afterSeconds} s after the database went away",
      next: "Find the probe that has it killed, and what its path asks: a restart must be able to repair it.",
    },
    "timeout-only": {
      expected: "no kill because of the database",
      observed: "{pod} was killed {afterSeconds} s after the database went away, with timeoutSeconds {timeoutSeconds}",
      next: "The app answers 503 at once: nothing times out. Let liveness ask a path that does not need the database.",
    },
    "liveness-on-database": {
      expected: "no kill because of the database",
      observed: "{pod} was killed {afterSeconds} s after the database went away: its liveness probe got 503",
      next: "Readiness does not replace liveness, both run. Point liveness to /livez.",
    },
    withheld: {
      expected: "no ready endpoint 30 s after the database went away",
      observed: "{ready} Pods that cannot answer were still getting requests",
      next: "Let readiness ask a path that needs the database, and fail within 30 s.",
    },
    "no-probes": {
      expected: "no ready endpoint 30 s after the database went away",
      observed: "{ready} broken Pods got requests: without probes a running Pod counts as ready",
      next: "Removing the probes stops the restarts and sends traffic to broken Pods. Keep both probes, and give each its own question.",
    },
    "no-readiness": {
      expected: "no ready endpoint 30 s after the database went away",
      observed: "{ready} broken Pods got requests: there is no readiness probe",
      next: "Add a readiness probe that asks /ready: it withholds traffic and restarts nothing.",
    },
    "errors-end": {
      expected: "no error later than 10 s after the database is back",
      observed: "the last one {lateSeconds} s after it",
      next: "Look at what the Pods were waiting for when the database was back: a start, or the next readiness probe.",
    },
    "slow-return": {
      expected: "no error later than 10 s after the database is back",
      observed: "the last one {lateSeconds} s after it: readiness needs up to {returnSeconds} s to notice",
      next: "A Pod comes back after successThreshold × periodSeconds of its readiness probe. Make that less than 10 s.",
    },
    "restart-delays-return": {
      expected: "no error later than 10 s after the database is back",
      observed: "the last one {lateSeconds} s after it: containers were waiting to be started again",
      next: "Nothing should have been killed in the outage: see the check about the database.",
    },
    "deadlock-seen": {
      expected: "the hung container of {pod} is killed within 60 s",
      observed: "it was still there",
      next: "Let a liveness probe ask the process itself, with a timeout and a threshold that end within 60 s.",
    },
    "too-patient": {
      expected: "the hung container of {pod} is killed within 60 s",
      observed: "liveness forgives {failureThreshold} failures: {patienceSeconds} s",
      next: "Patience hides the outage and the hang alike. Ask /livez instead, then three failures are enough.",
    },
    "no-liveness": {
      expected: "the hung container of {pod} is killed within 60 s",
      observed: "there is no liveness probe: the Pod stays hung for ever",
      next: "Readiness only withholds traffic. Keep a liveness probe that asks /livez.",
    },
    "same-app": {
      expected: "Deployment api with 6 replicas, its image, arguments and environment, and Service api",
      observed: "{what}",
      next: "Undo that change; the task is about probes. The reset button gives the template back.",
    },
  },
  story: {
    down: "the database goes away",
    up: "the database is back",
    hangs: "one Pod hangs",
    Unhealthy: "{object}: {message}",
    Killing: "{object}: {message}",
    Started: "{object}: a container is started",
  },
  hints: [
    "The database is away, and the containers die. What has killing a container got to do with a database on another machine?",
    "A probe should ask for what its effect can repair. A restart repairs a hung process; withholding traffic helps while something outside is missing.",
    "Point liveness to /livez. Add a readinessProbe on /ready with periodSeconds 3 and failureThreshold 2: out of the Service within 7 s, back within 3 s.",
  ],
  simplified: [
    "A request of a client to a Service without ready endpoints is refused at once.",
    "The database is one machine that is there or not; real ones fail in more ways.",
  ],
};
