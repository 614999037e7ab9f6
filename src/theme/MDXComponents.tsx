import MDXComponents from "@theme-original/MDXComponents";
import { Lab } from "@site/src/components/lab.tsx";
import { Quiz } from "@site/src/components/quiz.tsx";

/** What a chapter may use beside Markdown. */
const components: typeof MDXComponents = { ...MDXComponents, Lab, Quiz };

export default components;
