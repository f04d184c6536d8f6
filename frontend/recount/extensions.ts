// The extensions of a poll: whether they keep to the rules, and which closing time they lead to.
import { Misfit } from "../shared/fields";
import type { Extension } from "../shared/head";

/**
 * The closing time last in force. Throws Misfit unless each extension is later than the time it replaces and was
 * announced before that time, and not before the extension that precedes it.
 */
export function closingTime(announced: number, extensions: Extension[]): number {
  let [inForce, lastAnnounced] = [announced, -Infinity];
  extensions.forEach(({ closesAt, announcedAt }, at) => {
    const place = `extensions[${at}]`;
    if (closesAt <= inForce) throw new Misfit(`${place}.closes_at`);
    if (announcedAt >= inForce || announcedAt < lastAnnounced) throw new Misfit(`${place}.announced_at`);
    [inForce, lastAnnounced] = [closesAt, announcedAt];
  });
  return inForce;
}
