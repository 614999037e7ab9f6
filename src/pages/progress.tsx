import { translate } from "@docusaurus/Translate";
import Layout from "@theme/Layout";
import type { ReactNode } from "react";
import { ProgressReport } from "../components/progress-report.tsx";

/** What the learner has done in this browser. */
export default function ProgressPage(): ReactNode {
  const title = translate({ id: "progress.title", message: "Your progress" });
  return (
    <Layout
      title={title}
      description={translate({ id: "progress.description", message: "Labs and questions you solved in this browser." })}
    >
      <main className="progress-page">
        <h1>{title}</h1>
        <ProgressReport />
      </main>
    </Layout>
  );
}
