// Failures in words. Only a request that nobody answered can be tried again as it was.
import { isWeChat } from "../shared/wechat";
import { fill, localName } from "../shared/wording";
import type { Page } from "./page";
import { Refusal, Unreachable } from "./server";
import { Distrust, type Word } from "./words";

/** What another browser would mend. */
const ofThisBrowser: Word[] = ["no_storage", "no_keys"];

/** Shows a failure in a sentence above the stage, with a second try if nobody answered. */
export function tell(page: Page, error: unknown, again: () => void): void {
  const { words } = page;
  if (error instanceof Refusal) {
    const { from, sentence } = error;
    page.alert(from ? fill(words.second_refused, { name: localName(from), sentence }) : sentence);
  } else if (error instanceof Unreachable) {
    const { from } = error;
    page.alert(from ? fill(words.second_down, { name: localName(from) }) : words.network, again);
  } else if (error instanceof Distrust) {
    const leave = isWeChat && ofThisBrowser.includes(error.word);
    page.alert(leave ? `${words[error.word]}\n${words.wechat_leave}` : words[error.word]);
  } else {
    console.error(error);
    page.alert(words.unexpected);
  }
}
