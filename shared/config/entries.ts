import { type Fields, isFields, merge, sound } from './fields.ts';
import type { Findings } from './issues.ts';
import { type Path, valueAt } from './problems.ts';
import { defaultsSchema, groupSchema } from './schema.ts';
import { fieldsAt } from './shape.ts';

/** Fields and where they are written. */
export interface Layer {
  path: Path;
  fields: Fields;
}

/** A monitor as the file has it, and what it inherits, the nearest first. */
export interface Entry extends Layer {
  inherited: Layer[];
  group?: string;
}

/** Monitors of a file, those of groups among them. */
export function entriesOf(file: Fields, findings: Findings): Entry[] {
  const inherited = [defaultsOf(file, [], findings)];
  const items = Array.isArray(file.monitors) ? file.monitors : [];
  return items.flatMap((item, i) => {
    const path = ['monitors', i];
    return isGroup(item)
      ? membersOf(item, path, inherited, findings)
      : entryOf(item, path, inherited, findings);
  });
}

const isGroup = (item: unknown): item is Fields => isFields(item) && item.kind === 'group';

function entryOf(item: unknown, path: Path, inherited: Layer[], findings: Findings): Entry[] {
  if (isFields(item)) return [{ path, fields: item, inherited }];
  findings.report(path, { allowed: 'a monitor', fix: "write http('api', 'https://…')" });
  return [];
}

function membersOf(item: Fields, path: Path, outer: Layer[], findings: Findings): Entry[] {
  const group = groupSchema.safeParse(item);
  findings.reportIssues(group.error, path, (inner) => fieldsAt(groupSchema, inner));
  if (!group.success) return [];
  const inherited = [defaultsOf(item, path, findings), ...outer];
  return group.data.monitors.flatMap((member, i) => {
    const at = [...path, 'monitors', i];
    if (!isGroup(member))
      return entryOf(member, at, inherited, findings).map((entry) => ({ ...entry, group: group.data.name }));
    findings.report(at, { allowed: 'a monitor: groups do not nest', fix: 'move it beside this group' });
    return [];
  });
}

/** The `defaults` of a file or group. Faulty ones are told here, once, and not passed on. */
function defaultsOf(owner: Fields, at: Path, findings: Findings): Layer {
  const path = [...at, 'defaults'];
  if (owner.defaults === undefined) return { path, fields: {} };
  const { error } = defaultsSchema.safeParse(owner.defaults);
  findings.reportIssues(error, path, (inner) => fieldsAt(defaultsSchema, inner));
  return { path, fields: isFields(owner.defaults) ? sound(owner.defaults, error) : {} };
}

/** All that a monitor inherits, the nearest winning. */
export const inheritedFields = ({ inherited }: Entry): Fields =>
  inherited.reduceRight<Fields>((outer, { fields }) => merge(outer, fields), {});

/** Path of a field where it is written: in the monitor, or in the defaults it comes from. */
export function sourceOf({ inherited, ...own }: Entry, field: Path): Path {
  const layer = [own, ...inherited].find(({ fields }) => valueAt(field, fields) !== undefined) ?? own;
  return [...layer.path, ...field];
}
