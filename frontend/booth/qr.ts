// A QR code as a drawing on the page.
import { generate } from "lean-qr/nano";

const [quiet, drawing] = [4, "http://www.w3.org/2000/svg"];

/** The code of this text; `label` says to who hears the page what it is. */
export function drawQr(text: string, label: string): Element {
  const code = generate(text);
  const places = Array.from({ length: code.size }, (_, at) => at);
  const square = (x: number, y: number) => (code.get(x, y) ? `M${x + quiet} ${y + quiet}h1v1h-1z` : "");
  const dark = places.flatMap((y) => places.map((x) => square(x, y)));
  const size = code.size + 2 * quiet;
  const svg = document.createElementNS(drawing, "svg");
  const attributes = { viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": label };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const ground = document.createElementNS(drawing, "rect");
  for (const [name, value] of Object.entries({ width: size, height: size, fill: "#fff" }))
    ground.setAttribute(name, String(value));
  const path = document.createElementNS(drawing, "path");
  path.setAttribute("d", dark.join(""));
  svg.append(ground, path);
  return svg;
}
