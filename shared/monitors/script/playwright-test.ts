/** Stands in for `@playwright/test` in bundles of scripts: a spec of the team runs as it is, as far as it uses what is here. */
import { contextOptions, type DeclaredTest, type ScriptVisit } from './contract.ts';
import { onlyKnown, unsupported } from './unsupported.ts';

export { expect } from './expect.ts';

type Fixtures = Record<string, unknown>;
type Body = (fixtures: never) => Promise<void> | void;

/** A file, or a group in it, and what holds for the tests there. */
interface Scope {
  outer?: Scope;
  names: string[];
  options: Record<string, unknown>;
  before: Body[];
  after: Body[];
}

const newScope = (names: string[], outer?: Scope): Scope => ({
  names,
  options: {},
  before: [],
  after: [],
  ...(outer && { outer }),
});

/** The outermost first. */
const around = ({ outer, ...own }: Scope): Scope[] => [...(outer ? around(outer) : []), own];

const tests: DeclaredTest[] = [];

/** Tests that were declared so far. */
export const declaredTests: readonly DeclaredTest[] = tests;

let scope = newScope([]);
let step: ScriptVisit['step'] = (_, work) => work();

function declare(name: string, ...rest: [Body] | [details: object, Body]): void {
  const body = rest.at(-1) as Body;
  const own = scope;
  tests.push({
    name: [...own.names, name].join(' › '),
    options: () => Object.assign({}, ...around(own).map(({ options }) => options)),
    run: (fixtures) => runTest(body, around(own), fixtures),
  });
}

async function runTest(body: Body, scopes: Scope[], fixtures: Fixtures): Promise<void> {
  step = fixtures.step as ScriptVisit['step'];
  const given = onlyKnown(fixtures, 'the fixture ') as never;
  try {
    for (const hook of scopes.flatMap(({ before }) => before)) await hook(given);
    await body(given);
  } finally {
    for (const hook of scopes.toReversed().flatMap(({ after }) => after)) await hook(given);
  }
}

const members = {
  /** A group: its options and hooks are for the tests inside it. */
  describe(name: string, ...rest: [() => void] | [details: object, () => void]): void {
    const outer = scope;
    scope = newScope([...outer.names, name], outer);
    try {
      (rest.at(-1) as () => void)();
    } finally {
      scope = outer;
    }
  },
  beforeEach: (...rest: [Body] | [string, Body]) => void scope.before.push(rest.at(-1) as Body),
  afterEach: (...rest: [Body] | [string, Body]) => void scope.after.push(rest.at(-1) as Body),
  step: <Result>(name: string, work: () => Promise<Result>) => step(name, work),
  use(options: Record<string, unknown>): void {
    const unknown = Object.keys(options).find((name) => !contextOptions.some((known) => known === name));
    if (unknown) unsupported(`test.use({ ${unknown} })`, contextOptions);
    Object.assign(scope.options, options);
  },
};

/** Playwright's `test`, as far as it goes; what is missing is refused where it is used. */
export const test = onlyKnown(Object.assign(declare, members), 'test.', Object.keys(members));
