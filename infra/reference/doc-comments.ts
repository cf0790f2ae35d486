/** Doc comments of a source file, by the dotted path of what they stand above: `fileSchema`, `fileSchema.deadMan.region`. */
export type DocComments = ReadonlyMap<string, string>;

const comment = /^ *\/\*\*([\s\S]*?)\*\/$/;
const declared = /^(?:export )?(?:(?:const|function) (?<name>\w+)|(?<member>\w+\.\w+) =)/;
const field = /^(?<indent> +)(?<name>\w+)(?=:|,$)/;

/**
 * Reads doc comments by the indentation that Biome gives every file here: what is indented further belongs to the name above it.
 * Texts keep their lines, without stars.
 */
export function docCommentsOf(source: string): DocComments {
  const comments = new Map<string, string>();
  const around: { name: string; indent: number }[] = [];
  let text: string | undefined;
  for (const [part] of source.matchAll(/^ *\/\*\*[\s\S]*?\*\/$|^.*$/gm)) {
    const commented = comment.exec(part)?.[1];
    if (commented !== undefined) {
      text = commented.replaceAll(/^ *\* ?/gm, '').trim();
      continue;
    }
    const { name, member, indent = '' } = (declared.exec(part) ?? field.exec(part))?.groups ?? {};
    const named = name ?? member;
    if (named === undefined) continue;
    while (around.length > 0 && around.at(-1)!.indent >= indent.length) around.pop();
    around.push({ name: named, indent: indent.length });
    if (text !== undefined) comments.set(around.map((each) => each.name).join('.'), text);
    text = undefined;
  }
  return comments;
}
