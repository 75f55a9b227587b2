// Starts the page: what the link says, or a first example, on the screen and with the workers.

import { render } from "preact";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/source.css";
import "./styles/code.css";
import "./styles/panes.css";
import "./styles/explanation.css";
import "./styles/learning.css";
import { App } from "./components/app.tsx";
import { fromFragment } from "./share.ts";
import { linkAddress } from "./state/address.ts";
import { createPage } from "./state/page.ts";
import { linkWorkers } from "./state/link.ts";

const shared = location.hash === "" ? undefined : await fromFragment(location.hash);
const page = createPage(shared);
linkWorkers(page.playground);
linkAddress(page);
const root = document.getElementById("page")!;
root.replaceChildren();
render(<App page={page} />, root);
performance.mark("rendered");
