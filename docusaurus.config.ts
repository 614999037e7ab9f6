import type * as Docs from "@docusaurus/plugin-content-docs";
import type { Config } from "@docusaurus/types";
import type * as Classic from "@docusaurus/theme-classic";
import type { UserThemeConfig } from "@docusaurus/theme-common";
import { sitePlugin } from "./src/tools/site-plugin.ts";
import { darkCode, lightCode } from "./src/css/code-themes.ts";

const config: Config = {
  title: "kube-workbook",
  tagline: "Kubernetes, with a cluster inside the page",
  url: process.env["SITE_URL"] ?? "http://localhost:3000",
  baseUrl: process.env["BASE_URL"] ?? "/",
  trailingSlash: true,
  favicon: "img/mark.svg",
  onBrokenLinks: "throw",
  onBrokenAnchors: "throw",
  onDuplicateRoutes: "throw",
  markdown: { hooks: { onBrokenMarkdownLinks: "throw", onBrokenMarkdownImages: "throw" } },
  future: { v4: true, faster: true },
  i18n: { defaultLocale: "en", locales: ["en"] },
  plugins: [
    [
      "@docusaurus/plugin-content-docs",
      {
        routeBasePath: "/",
        sidebarPath: "./sidebars.ts",
        exclude: ["contributing/**", "**/_*"],
        breadcrumbs: false,
      } satisfies Docs.Options,
    ],
    "@docusaurus/plugin-content-pages",
    ["@docusaurus/plugin-sitemap", { lastmod: null }],
    sitePlugin,
  ],
  themes: [["@docusaurus/theme-classic", { customCss: "./src/css/custom.css" } satisfies Classic.Options]],
  clientModules: ["./src/components/offline.ts"],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    navbar: {
      title: "kube-workbook",
      logo: { alt: "", src: "img/mark.svg", width: 28, height: 28 },
      items: [
        { type: "docSidebar", sidebarId: "book", label: "Book", position: "left" },
        { to: "/progress/", label: "Progress", position: "left" },
        { type: "search", position: "right" },
      ],
    },
    footer: {
      style: "light",
      copyright: "Apache-2.0. Kubernetes is a trademark of The Linux Foundation. Not affiliated with it.",
    },

    prism: { theme: lightCode, darkTheme: darkCode, additionalLanguages: ["bash", "json"] },
  } satisfies UserThemeConfig,
};

export default config;
