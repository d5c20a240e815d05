// Programs of the tests that run in processes of their own (fixtures.setup.ts builds them).
import path from 'node:path';

/** Below node_modules, where they find their packages. */
export const fixtureDirectory = path.resolve(import.meta.dirname, '../node_modules/.cache/armoire-fixtures');

/** `name`: of `NAME.fixture.ts`. */
export const fixtureProgram = (name: 'app-manager' | 'cli-program') =>
  path.join(fixtureDirectory, `${name}.fixture.mjs`);
