/** A PodMetricsList of metrics.k8s.io/v1beta1, as far as it is read. */
export interface MetricAnswer {
  readonly items?: readonly {
    readonly metadata: { readonly name: string };
    readonly containers: readonly ContainerMetricsItem[];
  }[];
}

export interface ContainerMetricsItem {
  readonly name: string;
  readonly usage: Readonly<Record<string, string>>;
}
