// Which of this computer's files a caller may use: all on the desktop, those in allowed places from a browser.
import path from 'node:path';
import { namedFiles } from '../boards/rules/files.ts';
import type { VmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import type { CreateRequest, WizardSource } from '../contract/vm.ts';
import { clonedDirectories } from '../vm/names.ts';
import type { ApiContext } from './context.ts';

type Reach = Pick<ApiContext, 'mode' | 'browser'>;

/** The path to use. Throws Fault `not-permitted`. */
export async function permittedFile(file: string, { mode, browser }: Reach): Promise<string> {
  if (mode === 'desktop') return path.resolve(file);
  // Whoever looks at it tells that it is not there.
  return (await browser.requireInside(file)) ?? path.resolve(file);
}

/** Throws Fault `not-permitted` for a file of the request outside of the allowed places. */
export async function requirePermittedRequest(
  { definition, provisions }: CreateRequest,
  before: VmDefinition | undefined,
  reach: Reach,
): Promise<void> {
  const known = new Set(before ? namedFiles(before).map(({ file }) => file) : []);
  const wanted = [
    ...namedFiles(definition).map(({ file }) => file),
    ...provisions.flatMap((provision) => (provision.kind === 'copy-disk' ? [provision.from] : [])),
  ];
  for (const file of wanted) {
    // What the VM had already was chosen by someone who may.
    if (!known.has(file)) await requirePermittedImage(file, reach);
  }
}

export async function requirePermittedSource(source: WizardSource, reach: Reach): Promise<void> {
  for (const file of sourceFiles(source)) await requirePlace(file, reach);
}

/**
 * For one file of a VM: a relative one lies in the VM's directory, among its images. A guest that could write to the
 * VM's description would choose its files itself. Throws Fault `not-permitted`.
 */
export async function requirePermittedImage(file: string, reach: Reach): Promise<void> {
  if (path.isAbsolute(file)) return requirePlace(file, reach);
  const among = path.normalize(file).split(path.sep)[0];
  if (reach.mode !== 'browser' || clonedDirectories.some((directory) => directory === among)) return;
  throw new Fault({
    code: 'not-permitted',
    message: `${file} is a file of Armoire’s own, and no image of the VM.`,
    remedy: `Choose a file in ${clonedDirectories.join(' or ')}.`,
    detail: file,
  });
}

/** A file that is not there is the rules' business: only the place counts here. */
async function requirePlace(file: string, { mode, browser }: Reach): Promise<void> {
  if (mode === 'browser') await browser.requireInside(file);
}

function sourceFiles(source: WizardSource): string[] {
  switch (source.kind) {
    case 'sample':
      return [];
    case 'kernel':
      return [source.kernel, source.initrd, source.dtb].filter((file) => file !== undefined);
    case 'firmware':
      return [source.file];
    case 'iso':
      return [source.iso];
    case 'disk':
      return [source.image];
  }
}
