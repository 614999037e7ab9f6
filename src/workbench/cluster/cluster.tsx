import type { View } from "@workbook/engine";
import { type ReactNode, useState } from "react";
import { words } from "../words.ts";
import { type NodeScene, type PodScene, sceneOf, type Scene } from "./describe.ts";
import { TrafficChart } from "./traffic-chart.tsx";

/** The cluster as it is at the moment shown: as a picture, or as a table that says the same. */
export function Cluster({ view }: { readonly view: View }): ReactNode {
  const [isTable, setTable] = useState(false);
  const scene = sceneOf(view);
  return (
    <section className="wb-panel wb-cluster" aria-label={words.cluster()}>
      <header className="wb-panel-head">
        <h4>{words.cluster()}</h4>
        <span className="wb-paces">
          <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
            {words.asPicture()}
          </button>
          <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
            {words.asTable()}
          </button>
        </span>
      </header>
      {isTable ? <ClusterTable scene={scene} /> : <Picture scene={scene} />}
      <Surroundings view={view} />
    </section>
  );
}

function Picture({ scene }: { readonly scene: Scene }): ReactNode {
  return (
    <div className="wb-picture">
      <div className="wb-nodes">
        {scene.nodes.map((node) => (
          <Node key={node.name} node={node} />
        ))}
      </div>
      {scene.unplaced.length === 0 ? null : (
        <div className="wb-node is-nowhere">
          <h5>{words.unplaced()}</h5>
          <Pods pods={scene.unplaced} />
        </div>
      )}
      {scene.services.map((service) => (
        <div key={service.key} className="wb-service">
          <h5>
            Service {service.name} <small>{service.address}</small>
          </h5>
          <ul className="wb-endpoints">
            {service.endpoints.map((endpoint) => (
              <li key={endpoint.name} className={endpoint.isReady ? "is-good" : "is-waiting"}>
                {endpoint.isReady ? "→" : "⇢"} {endpoint.name}{" "}
                <small>{endpoint.isReady ? words.ready() : words.notReady()}</small>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Node({ node }: { readonly node: NodeScene }): ReactNode {
  return (
    <div className={node.isReady ? "wb-node" : "wb-node is-bad"}>
      <h5>
        {node.name} <small>{stateOfNode(node)}</small>
      </h5>
      <Pods pods={node.pods} />
    </div>
  );
}

function stateOfNode(node: NodeScene): string {
  const parts = [
    node.isReady ? words.ready() : words.notReady(),
    node.isSchedulable ? "" : words.cordoned(),
    ...node.taints,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function Pods({ pods }: { readonly pods: readonly PodScene[] }): ReactNode {
  if (pods.length === 0) return <p className="wb-help">{words.noPods()}</p>;
  return (
    <ul className="wb-pods">
      {pods.map((pod) => (
        <li key={pod.key} className={`wb-pod is-${pod.look}`}>
          <span className="wb-pod-name">{pod.name}</span>
          <span className="wb-pod-state">
            {pod.status}
            {pod.isReady ? ` · ${words.ready()}` : ""}
            {pod.restarts > 0 ? ` · ${words.restarts(pod.restarts)}` : ""}
          </span>
          <span className="wb-containers">
            {pod.containers.map((container) => (
              <span
                key={container.name}
                className={`wb-container is-${container.look}`}
                title={`${container.name}: ${container.says}`}
              >
                {container.name}
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function ClusterTable({ scene }: { readonly scene: Scene }): ReactNode {
  const pods = [...scene.nodes.flatMap((node) => node.pods), ...scene.unplaced];
  return (
    <div className="wb-table" tabIndex={0} role="region" aria-label={words.asTable()}>
      <table>
        <thead>
          <tr>
            {[words.kind(), words.name(), words.place(), words.state()].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {scene.nodes.map((node) => (
            <Row key={node.name} cells={["Node", node.name, "", stateOfNode(node)]} />
          ))}
          {pods.map((pod) => (
            <Row key={pod.key} cells={["Pod", pod.name, pod.node ?? words.unplaced(), stateOfPod(pod)]} />
          ))}
          {scene.services.map((service) => {
            const ready = service.endpoints.filter((endpoint) => endpoint.isReady).length;
            return (
              <Row
                key={service.key}
                cells={["Service", service.name, service.address, words.endpoints(ready, service.endpoints.length)]}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Row({ cells }: { readonly cells: readonly string[] }): ReactNode {
  const [kind = "", name = "", place = "", state = ""] = cells;
  return (
    <tr>
      <td>{kind}</td>
      <th scope="row">{name}</th>
      <td>{place}</td>
      <td>{state}</td>
    </tr>
  );
}

function stateOfPod(pod: PodScene): string {
  const containers = pod.containers.map((container) => `${container.name}: ${container.says}`);
  const parts = [
    pod.status,
    pod.isReady ? words.ready() : words.notReady(),
    pod.ip ?? "",
    words.restarts(pod.restarts),
    ...containers,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** What is not in the cluster but matters to it: machines outside, and those who send requests. */
function Surroundings({ view }: { readonly view: View }): ReactNode {
  return (
    <>
      {view.outside.map((host) => (
        <p key={host.name} className={host.condition === "up" ? "wb-outside is-good" : "wb-outside is-bad"}>
          {words.outside()}: <strong>{host.name}</strong> {host.condition}
        </p>
      ))}
      {view.traffic.map((client) => (
        <TrafficChart key={client.name} client={client} now={view.now} />
      ))}
    </>
  );
}
