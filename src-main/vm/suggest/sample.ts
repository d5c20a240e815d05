// The sample program: nothing to download, on the screen in less than a second.
import { access } from 'node:fs/promises';
import { Fault } from '../../contract/fault.ts';
import type { Suggestion } from '../../contract/vm.ts';
import { sampleProgram } from '../provision.ts';
import { beginSuggestion, type SuggestContext } from './base.ts';

export async function suggestSample(context: SuggestContext, name: string): Promise<Suggestion> {
  const resource = sampleProgram.resource(context.resourcesDirectory);
  await access(resource).catch((error: unknown) => {
    throw new Fault(
      {
        code: 'file-unusable',
        message: 'The sample program is missing from this installation of Armoire.',
        remedy: 'Install Armoire again.',
        detail: resource,
      },
      { cause: error },
    );
  });
  const { definition, reasons } = beginSuggestion(
    {
      origin: 'sample',
      name,
      boot: { kind: 'elf', file: sampleProgram.file },
      memoryMiB: 128,
      vcpus: 1,
      bits: 64,
      network: 'none',
    },
    context,
  );
  return {
    request: { definition, provisions: [{ kind: 'sample' }] },
    reasons: {
      ...reasons,
      '/boot': 'A small program that needs no operating system; its source comes with Armoire.',
    },
  };
}
