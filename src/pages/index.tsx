import Link from "@docusaurus/Link";
import Translate, { translate } from "@docusaurus/Translate";
import Layout from "@theme/Layout";
import type { ReactNode } from "react";

/** The first page: what this is, one way in, and the two other ways to use it. */
export default function Home(): ReactNode {
  const description = translate({
    id: "home.description",
    message: "A book about Kubernetes with a cluster inside: read, try it in the page, and be told why it works.",
  });
  return (
    <Layout description={description}>
      <main className="home">
        <h1>
          <Translate id="home.title">Learn Kubernetes in a cluster that you can stop</Translate>
        </h1>
        <p className="home-lead">
          <Translate id="home.lead">
            Every chapter has a simulated cluster in the page, with a terminal, an editor and a clock that you hold. Try
            a belief, see what really happens, go back one minute and try again. Nothing to install, no account.
          </Translate>
        </p>
        <p>
          <Link className="home-start" to="/life-of-a-pod/probes/">
            <Translate id="home.start">Start with Probes</Translate>
          </Link>
        </p>
        <Points />
        <h2>
          <Translate id="home.cli">The same labs on the command line</Translate>
        </h2>
        <p>
          <Translate id="home.cliWhy">
            A clone of the repository grades the same answers in your own editor or in continuous integration, with the
            same checks and the same messages.
          </Translate>
        </p>
        <pre tabIndex={0}>{"npx workbook start probes/slow-starter my-answer\nnpx workbook grade my-answer"}</pre>
      </main>
    </Layout>
  );
}

function Points(): ReactNode {
  const points: readonly { readonly key: string; readonly title: ReactNode; readonly text: ReactNode }[] = [
    {
      key: "behaviour",
      title: <Translate id="home.behaviour">Graded by behaviour</Translate>,
      text: (
        <Translate id="home.behaviourText">
          Your manifest runs in up to a thousand clusters with different luck. If one of them breaks, you get its
          smallest story.
        </Translate>
      ),
    },
    {
      key: "time",
      title: <Translate id="home.time">Time in your hands</Translate>,
      text: (
        <Translate id="home.timeText">
          Pause, step, run twenty times as fast, jump to the next event, or go back to any earlier moment.
        </Translate>
      ),
    },
    {
      key: "true",
      title: <Translate id="home.true">True to Kubernetes 1.36</Translate>,
      text: (
        <Translate id="home.trueText">
          What the cluster does and what kubectl prints is held against recordings of a real one.
        </Translate>
      ),
    },
  ];
  return (
    <ul className="home-points">
      {points.map(({ key, title, text }) => (
        <li key={key}>
          <h2>{title}</h2>
          <p>{text}</p>
        </li>
      ))}
    </ul>
  );
}
