// Where the windows were: kept in a small file, and never restored to where no one could see them.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { atomicWrite } from '../lib/atomic-write.ts';

const rectangle = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });
export type Rectangle = z.infer<typeof rectangle>;

const windowState = z.object({ bounds: rectangle, maximised: z.boolean() });

const windowStates = z.object({ main: windowState.optional(), console: windowState.optional() });
export type WindowStates = z.infer<typeof windowStates>;
export type WindowKind = keyof WindowStates;

export interface Display {
  /** Without panels and docks. */
  workArea: Rectangle;
}

/** So much of the title bar must be on a display for a hand to reach it. */
const reachable = { width: 120, height: 40 };

export async function readWindowStates(file: string): Promise<WindowStates> {
  try {
    return windowStates.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return {}; // missing or damaged: the windows open where they do the first time
  }
}

export async function writeWindowStates(file: string, states: WindowStates): Promise<void> {
  await atomicWrite(file, JSON.stringify(states));
}

/**
 * Bounds on the display where the window was, no larger than it; on the first display, centred, when that one is
 * gone. `displays`: the primary one first.
 */
export function placeWindow(
  saved: Rectangle | undefined,
  size: { width: number; height: number },
  displays: readonly [Display, ...Display[]],
): Rectangle {
  const home = saved && displays.find(({ workArea }) => isReachable(saved, workArea));
  if (saved && home) return clamp(saved, home.workArea);
  return centre(saved ?? { x: 0, y: 0, ...size }, displays[0].workArea);
}

function isReachable(window: Rectangle, area: Rectangle): boolean {
  const overlap = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return (
    overlap >= Math.min(reachable.width, window.width) &&
    window.y >= area.y - 1 &&
    window.y <= area.y + area.height - reachable.height
  );
}

function clamp(window: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(window.width, area.width);
  const height = Math.min(window.height, area.height);
  return {
    x: Math.min(Math.max(window.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(window.y, area.y), area.y + area.height - height),
    width,
    height,
  };
}

function centre(window: Rectangle, area: Rectangle): Rectangle {
  const width = Math.min(window.width, area.width);
  const height = Math.min(window.height, area.height);
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  };
}
