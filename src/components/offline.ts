import ExecutionEnvironment from "@docusaurus/ExecutionEnvironment";
import siteConfig from "@generated/docusaurus.config";

/** The built site registers its service worker; a page under development does not. */
if (ExecutionEnvironment.canUseDOM && process.env["NODE_ENV"] === "production" && "serviceWorker" in navigator) {
  // Without one (a private window, an old browser) the site works as before, only not offline.
  navigator.serviceWorker.register(`${siteConfig.baseUrl}sw.js`).catch(() => undefined);
}
