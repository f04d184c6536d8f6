// The scrutineer's pages at the desk, and the worker of their recount, under one address. Keys and shares stay in this
// program: nothing of them is kept, and nothing is sent that is not sealed, signed or a public key. Starts whichever
// sections the page has: data-scrutineer="keys", "try", "recount". Expects their words in #scrutineer-words.
import { find } from "../../shared/element";
import { note } from "../result";
import { startKeys, startTry } from "./keyspage";
import { RecountSection } from "./recountpage";
import { readScrutineerWords } from "./words";
import { type Order, ScrutinyWork } from "./work";

function startPage(): void {
  const words = readScrutineerWords(find("#scrutineer-words").textContent ?? "");
  const isSecure = Boolean(globalThis.crypto?.subtle);
  for (const section of document.querySelectorAll<HTMLElement>("[data-scrutineer]")) {
    if (!isSecure) section.prepend(note("error", words.insecure));
    else if (section.dataset.scrutineer === "keys") startKeys(section, words);
    else if (section.dataset.scrutineer === "try") startTry(section, words);
    else if (section.dataset.scrutineer === "recount")
      new RecountSection(section, words, new Worker(import.meta.url, { type: "module" }));
  }
  document.body.dataset.ready = "";
}

function startWorker(): void {
  const work = new ScrutinyWork((report) => postMessage(report));
  addEventListener("message", ({ data }: MessageEvent<Order>) => void work.take(data));
}

if (typeof document === "undefined") startWorker();
else startPage();
