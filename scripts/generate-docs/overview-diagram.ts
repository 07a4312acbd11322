/** Draws how the OpenAPI document, the client, the sandbox, and the contract tests relate to each other. @module */
import { instance } from "@viz-js/viz";
import { PALETTE } from "../../src/html/theme.ts";

export type ColorScheme = "light" | "dark";

/** Returns the diagram as SVG, with Graphviz's layout. It has no background, so that it suits any page. */
export async function renderOverview(scheme: ColorScheme): Promise<string> {
  const viz = await instance();
  const svg = viz.renderString(createGraph(scheme), { format: "svg" });
  // Removes the header, which contains the version of Graphviz.
  return svg.slice(svg.indexOf("<svg"));
}

function createGraph(scheme: ColorScheme): string {
  const [ink, quiet, line, raised, accent] = (["ink", "quiet", "line", "raised", "link"] as const).map(
    (name) => PALETTE[name][scheme === "light" ? 0 : 1],
  );
  // Graphviz measures text in a different font than browsers use, so the margins leave extra space.
  return `digraph {
  graph [bgcolor=transparent rankdir=LR compound=true nodesep=0.35 ranksep=1.7 fontname="Arial" fontsize=13 fontcolor="${quiet}" style="rounded,dashed" color="${quiet}"]
  node [shape=box style="rounded,filled" fillcolor="${raised}" color="${line}" fontcolor="${ink}" fontname="Arial" fontsize=14 margin="0.35,0.14"]
  edge [color="${quiet}" fontcolor="${quiet}" fontname="Arial" fontsize=12 arrowsize=0.8]

  document [label="OpenAPI document" color="${accent}" penwidth=2]
  subgraph cluster_backend {
    graph [label="Your backend" margin=14]
    client [label="Client"]
    receiver [label="Notification receiver"]
  }
  tests [label="Contract tests"]
  subgraph cluster_servers {
    graph [label="Any Vault API server" margin=14]
    local [label="Sandbox and mock"]
    gateway [label="Antom's gateway"]
    custom [label="Your own server"]
  }

  document -> client [lhead=cluster_backend label="types, validators,\\nresult codes"]
  document -> tests [label="constraints,\\nexamples"]
  document -> local [label="validators, examples" weight=0]
  client -> gateway [lhead=cluster_servers label="signed requests"]
  receiver -> gateway [lhead=cluster_servers dir=back label="signed notifications"]
  tests -> custom [lhead=cluster_servers label="more than 700 checks"]
}`;
}
