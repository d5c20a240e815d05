// JSON values as a type and a schema.
import { z } from 'zod';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;
