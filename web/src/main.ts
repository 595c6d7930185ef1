import "./report.css";
import { App } from "./app";
import { readMapData } from "./data";
import { byId, element } from "./dom";

async function start(): Promise<void> {
  try {
    const data = await readMapData();
    new App(data).start();
    document.documentElement.dataset.ready = "true";
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    byId("app").replaceChildren(
      element("p", { class: "noscript" }, `This report could not be shown: ${text}`),
    );
    throw error;
  }
}

void start();
