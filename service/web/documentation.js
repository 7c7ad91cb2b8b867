"use strict";

/** Have the UI dark where the browser is, now and when that changes. */
function followTheBrowsersColours() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();
}

/** Send what is tried to where the page came from, also behind a path prefix that only a proxy knows of. */
const sameService = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        updateJsonSpec: (update) => (description) => update({ ...description, servers: [{ url: new URL(".", window.location).href }] }),
      },
    },
  },
});

followTheBrowsersColours();
SwaggerUIBundle({
  dom_id: "#documentation",
  url: "openapi.json",
  plugins: [sameService],
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
