// create: a VM from the sample, or from a definition in a file.
import { readFile } from 'node:fs/promises';
import { vmDefinition } from '../contract/definition.ts';
import { Fault } from '../contract/fault.ts';
import { type CreateRequest, createRequest } from '../contract/vm.ts';
import { errnoOf } from '../lib/errno.ts';
import type { ControlClient } from '../transport/control-client.ts';
import { type ExitCode, exitCode } from './exit-codes.ts';
import { remark } from './print.ts';
import type { Terminal } from './surroundings.ts';
import { type OutputOptions, report } from './vm-commands.ts';

export interface CreateOptions extends OutputOptions {
  sample?: boolean;
  name?: string;
  start?: boolean;
}

export async function create(
  client: ControlClient,
  terminal: Terminal,
  file: string | undefined,
  options: CreateOptions,
): Promise<ExitCode> {
  const request = await requestOf(client, file, options);
  const { problems } = await client.rpc.vms.check({ request, dry: false });
  for (const problem of problems) {
    if (problem.severity !== 'error') remark(terminal, `armoire: ${problem.field}: ${problem.message}`);
  }
  const vm = await client.rpc.vms.create({ request, start: options.start ?? false });
  report(terminal, vm, options.json);
  return exitCode.ok;
}

async function requestOf(
  client: ControlClient,
  file: string | undefined,
  { sample, name }: CreateOptions,
): Promise<CreateRequest> {
  if ((sample ?? false) === (file !== undefined)) {
    throw new Fault({
      code: 'bad-input',
      message: 'What is the VM to be made from?',
      remedy: 'Give either --sample or the path of a definition (JSON).',
    });
  }
  if (file === undefined) {
    const source = { kind: 'sample' } as const;
    return (await client.rpc.vms.suggest({ source, ...(name !== undefined && { name }) })).request;
  }
  const request = await readRequest(file);
  return name === undefined ? request : { ...request, definition: { ...request.definition, name } };
}

/** A file holds a definition, or a whole request (`definition` and `provisions`). Throws Fault `file-unusable`, `bad-input`. */
export async function readRequest(file: string): Promise<CreateRequest> {
  const value = await readJson(file);
  const whole = typeof value === 'object' && value !== null && 'definition' in value;
  const parsed = whole
    ? createRequest.safeParse({ provisions: [], ...value })
    : vmDefinition.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Fault({
      code: 'bad-input',
      message: `${file} is not a VM definition: ${issue?.message ?? 'it cannot be used'}`,
      remedy: 'Correct the field; the Hardware tab and vm.json in the library show whole ones.',
      field: `/${issue?.path.join('/') ?? ''}`,
      detail: `/${issue?.path.join('/') ?? ''}`,
    });
  }
  return 'definition' in parsed.data ? parsed.data : { definition: parsed.data, provisions: [] };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = errnoOf(error);
    throw new Fault({
      code: reason ? 'file-unusable' : 'bad-input',
      message: reason ? `${file} cannot be read (${reason}).` : `${file} is not JSON.`,
      remedy: 'Give the path of a VM definition.',
      ...(reason === undefined && error instanceof Error && { detail: error.message }),
    });
  }
}
