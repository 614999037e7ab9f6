import type { LabWords } from "../../words.ts";

export const words: LabWords = {
  title: "Detection time",
  task: `\`probes.yaml\` holds six Pods with six probe settings. For each, work out the time that is asked for. Faults come right after a successful probe, so the whole wait lies ahead. One period more or less is accepted.

Write your answers first: they are locked before the run. Then run, and compare with what the cluster measured.`,
  terms: [
    { term: "failureThreshold", chinese: "失败阈值" },
    { term: "periodSeconds", chinese: "检查周期" },
  ],
  predictions: {
    hang: {
      ask: "`hang`: liveness with default settings. The app hangs. Seconds from the hang until the kubelet kills the container?",
    },
    unready: {
      ask: "`unready`: readiness, periodSeconds 5, failureThreshold 3. The app answers 500. Seconds until the Pod is not ready?",
    },
    delay: {
      ask: "`delay`: liveness, initialDelaySeconds 30, periodSeconds 5, timeoutSeconds 2, failureThreshold 3. After two minutes the app hangs. Seconds until the kubelet kills the container?",
    },
    "slow-start": {
      ask: "`slow-start`: a startup probe, periodSeconds 10, failureThreshold 30. The app listens after 42 s. Seconds from the container's start until the Pod is ready?",
    },
    "delayed-ready": {
      ask: "`delayed-ready`: readiness, initialDelaySeconds 20, periodSeconds 10. The app listens after 3 s. Seconds from the container's start until the Pod is ready?",
    },
    budget: {
      ask: "`budget`: a startup probe, periodSeconds 5, failureThreshold 6. The app needs 300 s. Seconds from the container's start until the kubelet kills it?",
    },
  },
  checks: {
    hang: {
      title: "`hang`: from the hang to the kill",
      proves: "failureThreshold probes, one every periodSeconds, and the last one needs its timeout.",
    },
    unready: {
      title: "`unready`: from the fault to not ready",
      proves: "Readiness counts in the same way; an answer of 500 needs no timeout.",
    },
    delay: {
      title: "`delay`: from the hang to the kill",
      proves: "initialDelaySeconds belongs to the start of the container and to nothing else.",
    },
    "slow-start": {
      title: "`slow-start`: from the start to ready",
      proves: "The first success ends the startup probe; the rest of its budget is not waited for.",
    },
    "delayed-ready": {
      title: "`delayed-ready`: from the start to ready",
      proves: "Until its delay is over, a readiness probe counts as failed.",
    },
    budget: {
      title: "`budget`: from the start to the kill",
      proves: "A startup probe allows failureThreshold failures, one every periodSeconds.",
    },
  },
  messages: {
    hang: wrong("a hang is seen after failureThreshold × periodSeconds + timeoutSeconds"),
    unready: wrong("a fault is seen after failureThreshold × periodSeconds"),
    delay: wrong("a hang is seen after failureThreshold × periodSeconds + timeoutSeconds"),
    "slow-start": wrong("the Pod is ready at the first startup probe after the app listens"),
    "delayed-ready": wrong("the first readiness probe comes after initialDelaySeconds"),
    budget: wrong("the budget of a start is failureThreshold × periodSeconds"),
    "hang/one-failure": {
      expected: "{expected}",
      observed: "you answered {answered}: the first failure",
      next: "One failure is not enough: failureThreshold is 3 by default. Count three probes, then the timeout of the third.",
    },
    "unready/one-failure": {
      expected: "{expected}",
      observed: "you answered {answered}: the first failure",
      next: "Readiness has a failureThreshold too, here 3. Count three probes.",
    },
    "delay/one-failure": {
      expected: "{expected}",
      observed: "you answered {answered}: the first failure",
      next: "One failure is not enough: failureThreshold is 3. Count three probes, then the timeout of the third.",
    },
    "delay/delay-again": {
      expected: "{expected}",
      observed: "you answered {answered}: that counts initialDelaySeconds again",
      next: "The delay runs once, from the start of the container. Two minutes later only period, threshold and timeout count.",
    },
    "slow-start/whole-budget": {
      expected: "{expected}",
      observed: "you answered {answered}: the whole budget",
      next: "failureThreshold × periodSeconds is the longest wait, not the wait. The first success ends it.",
    },
    "slow-start/once": {
      expected: "{expected}",
      observed: "you answered {answered}",
      next: "The startup probe does not run once at the start: it repeats every 10 s until the first success. When is the first one after 42 s?",
    },
    "delayed-ready/no-delay": {
      expected: "{expected}",
      observed: "you answered {answered}: when the app listens",
      next: "Nobody asks before initialDelaySeconds is over, and until then readiness counts as failed.",
    },
    "budget/once": {
      expected: "{expected}",
      observed: "you answered {answered}: the first failure",
      next: "The startup probe does not run once: it may fail failureThreshold times in a row, here 6, one every 5 s.",
    },
    "budget/waits": {
      expected: "{expected}",
      observed: "you answered {answered}: when the app would listen",
      next: "The budget is over long before: failureThreshold × periodSeconds. Then the kubelet kills the container.",
    },
  },
  story: { faults: "hang and delay hang, unready answers 500" },
  hints: [
    "For a fault: when do the next probes start, and how many of them must fail? For a start: when is the first probe that can succeed?",
    "A reaction needs failureThreshold failures in a row, one every periodSeconds; a hang adds the timeout of the last probe. initialDelaySeconds counts from the start of the container only.",
    "hang: 3 × 10 + 1. unready: 3 × 5. delay: 3 × 5 + 2. slow-start: the probe at 50 s. delayed-ready: the probe at 20 s. budget: the sixth probe, at 25 s.",
  ],
  simplified: ["The kubelet of the workbook probes to the millisecond; a real one adds some of its own."],
};

function wrong(rule: string): { readonly expected: string; readonly observed: string; readonly next: string } {
  return {
    expected: "{expected}",
    observed: "you answered {answered}",
    next: `Work it out once more: ${rule}. Then compare with the log of the run.`,
  };
}
