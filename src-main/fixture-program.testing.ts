// Programs of the tests that run in processes of their own (fixtures.setup.ts builds them).
import path from 'node:path';

/** Below node_modules, where they find their packages. */
export const fixtureDirectory = path.resolve(import.meta.dirname, '../node_modules/.cache/armoire-fixtures');

/** `NAME.fixture.ts` each. */
export const fixtureNames = ['app-manager', 'cli-program'] as const;

export const fixtureProgram = (name: (typeof fixtureNames)[number]) =>
  path.join(fixtureDirectory, `${name}.fixture.mjs`);
