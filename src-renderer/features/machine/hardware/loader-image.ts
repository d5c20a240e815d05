// Setting the optional parts of a loaded file without leaving an undefined behind.
import type { LoaderImage } from '../../../../src-main/contract/definition.ts';

/** Empty: where the ELF's headers say. */
export function withLoaderPlace(image: LoaderImage, address: string): LoaderImage {
  const { address: _before, ...others } = image;
  return address === '' ? others : { ...others, address };
}

/** Empty: only loaded, started by none. What is not a number changes nothing. */
export function withLoaderCore(image: LoaderImage, typed: string): LoaderImage {
  const { core: _before, ...others } = image;
  const text = typed.trim();
  if (text === '') return others;
  return /^\d{1,3}$/.test(text) ? { ...others, core: Number(text) } : image;
}
