import type { TrafficView } from "@workbook/engine";
import type { ReactNode } from "react";
import { words } from "../words.ts";

/** How much of the past the chart shows. */
const WINDOW_MILLIS = 120_000;

/** A client's requests over the last two minutes: full height is all requests, the red part those that failed. */
export function TrafficChart({ client, now }: { readonly client: TrafficView; readonly now: number }): ReactNode {
  const from = now - WINDOW_MILLIS;
  const spans = client.spans.filter((span) => span.to > from && span.requests > 0);
  const label = `${words.traffic()} ${client.name}: ${words.requests(client.failed, client.requests)}`;
  return (
    <figure className="wb-traffic">
      <figcaption>{label}</figcaption>
      <svg viewBox={`0 0 ${WINDOW_MILLIS} 100`} preserveAspectRatio="none" role="img" aria-label={label}>
        {spans.map((span) => {
          const x = Math.max(span.from - from, 0);
          const width = Math.max(span.to - from - x, 1);
          const failed = (100 * span.failed) / span.requests;
          return (
            <g key={span.from}>
              <rect className="is-good" x={x} width={width} y={0} height={100} />
              {failed > 0 ? <rect className="is-bad" x={x} width={width} y={100 - failed} height={failed} /> : null}
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
