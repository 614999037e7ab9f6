import Layout from "@theme/Layout";
import type { ReactNode } from "react";

export default function Progress(): ReactNode {
  return <Layout title="Progress"><main><h1>x</h1></main></Layout>;
}
