// What the manifest's parts have in common: an id, a name in one language or two, and nothing twice in a list.
import type { Json } from "../shared/bytes";
import { Misfit, asFields, asIdentifier, asText, inside } from "../shared/fields";
import type { Names } from "../shared/wording";

export function asNames(value: Json | undefined, place: string): Names {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit(place);
  const languages = Object.keys(value);
  const known = languages.length > 0 && languages.every((language) => ["zh-hans", "en"].includes(language));
  if (!known) throw new Misfit(place);
  for (const language of languages) asText(value[language], inside(place, language));
  return value as Names;
}

/** The id of an object that has an id and a name. */
export function readNamed(item: Json, place: string): string {
  const given = asFields(item, place, ["id", "name"]);
  asNames(given.name, inside(place, "name"));
  return asIdentifier(given.id, inside(place, "id"));
}

/** Throws Misfit at the first key that stands twice. */
export function demandUnique(keys: string[], place: string): void {
  const seen = new Set<string>();
  keys.forEach((key, at) => {
    if (seen.has(key)) throw new Misfit(`${place}[${at}]`);
    seen.add(key);
  });
}
