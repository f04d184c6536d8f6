// What is known of the browser that the booth runs in: whether it can make a ballot, and what its person should know
// before the first mark. Goes by trying where that can be tried (store.ts), by the browser's name where not.
import { isWeChat } from "../shared/wechat";
import type { Word } from "./words";

const agent = navigator.userAgent;

/** Every browser of an iPhone or iPad forgets what a page keeps after seven days; an iPad calls itself a Mac. */
export const forgetsInAWeek =
  /iPhone|iPad|iPod/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1);

/** Whether the browser has what the booth is written with; otherwise the page's own paragraph stays. */
export function isAble(): boolean {
  return typeof BigInt === "function" && "replaceChildren" in Element.prototype && "fromEntries" in Object;
}

/** What the person should know of this browser before the first mark. */
export function warnings(): Word[] {
  return [...(isWeChat ? ["wechat_note" as const] : []), ...(forgetsInAWeek ? ["iphone_note" as const] : [])];
}
