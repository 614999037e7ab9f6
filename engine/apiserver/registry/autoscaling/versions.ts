// After kubernetes v1.36 pkg/apis/autoscaling/v1/conversion.go; not modelled: metrics and conditions of v2 in v1's annotations but for the metrics themselves.
import type * as api from "../../../api/generated/types.ts";
import type { KubernetesObject } from "../../../api/object.ts";
import type { Decoded, DecodedObject } from "../decoded.ts";
import { jsonProblem } from "../json-problem.ts";

type AutoscalerV1 = DecodedObject<api.HorizontalPodAutoscalerV1>;
type Autoscaler = DecodedObject<api.HorizontalPodAutoscaler>;
type Metric = Decoded<api.MetricSpec>;

const METRICS_ANNOTATION = "autoscaling.alpha.kubernetes.io/metrics";

/** An autoscaling/v1 object as v2: the one percentage becomes a metric. */
export function toV2(object: KubernetesObject): KubernetesObject {
  const { spec = {}, status = {}, metadata } = object as unknown as AutoscalerV1;
  const { targetCPUUtilizationPercentage: percent, ...rest } = spec;
  const others = metricsIn(metadata.annotations?.[METRICS_ANNOTATION]);
  const metrics = percent === undefined ? others : [cpuMetric(percent), ...others];
  const { currentCPUUtilizationPercentage: current, ...counts } = status;
  const made = {
    ...(object as unknown as AutoscalerV1),
    apiVersion: "autoscaling/v2",
    metadata: withoutAnnotation(metadata),
    spec: { ...rest, ...(metrics.length === 0 ? {} : { metrics }) },
    status: {
      ...counts,
      currentMetrics:
        current === undefined
          ? null
          : [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: current } } }],
    },
  };
  return made;
}

function cpuMetric(percent: number): Metric {
  return { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percent } } };
}

function metricsIn(text: string | undefined): readonly Metric[] {
  // A text that is no list of metrics is lost, where a real server refuses the object.
  if (text === undefined || jsonProblem(`{"metrics":${text}}`) !== undefined) return [];
  const metrics: unknown = JSON.parse(text);
  return Array.isArray(metrics) ? (metrics as readonly Metric[]) : [];
}

function withoutAnnotation(metadata: KubernetesObject["metadata"]): KubernetesObject["metadata"] {
  const { annotations, ...rest } = metadata;
  if (annotations?.[METRICS_ANNOTATION] === undefined) return metadata;
  const { [METRICS_ANNOTATION]: _, ...others } = annotations;
  return Object.keys(others).length === 0 ? rest : { ...rest, annotations: others };
}

/** A v2 object as v1: the CPU's percentage is a field, other metrics go into an annotation. */
export function fromV2(object: KubernetesObject): KubernetesObject {
  const { spec = {}, status = {}, metadata } = object as unknown as Autoscaler;
  const { metrics = [], behavior: _, ...rest } = spec;
  const isCpu = (metric: Metric): boolean =>
    metric.resource?.name === "cpu" && metric.resource.target?.averageUtilization !== undefined;
  const percent = metrics.find(isCpu)?.resource?.target?.averageUtilization;
  const others = metrics.filter((metric) => !isCpu(metric));
  const { currentMetrics, conditions: _c, ...counts } = status;
  const current = (currentMetrics ?? []).find(({ resource }) => resource?.name === "cpu")?.resource?.current
    ?.averageUtilization;
  const annotations = { ...metadata.annotations, [METRICS_ANNOTATION]: JSON.stringify(others) };
  const made = {
    ...(object as unknown as Autoscaler),
    apiVersion: "autoscaling/v1",
    metadata: others.length === 0 ? metadata : { ...metadata, annotations },
    spec: { ...rest, ...(percent === undefined ? {} : { targetCPUUtilizationPercentage: percent }) },
    status: {
      currentReplicas: 0,
      ...counts,
      ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }),
    },
  };
  return made;
}
