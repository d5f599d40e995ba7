// What a press on the map does just now: select, or set corners of an area or ends of a measurement.
import { cell } from './cell';
import { filter } from './desk';

export type Place = readonly [lat: number, lon: number];
export type Tool = 'select' | 'area' | 'measure';

export const tool = cell<Tool>('select');
export const corners = cell<readonly Place[]>([]); // of the area being drawn, ends of the measurement

export function take(t: Tool, first: readonly Place[] = []): void {
    corners.set(first);
    tool.set(t);
}

export function addCorner(p: Place): void {
    const list = corners.get();
    corners.set(tool.get() === 'measure' && list.length >= 2 ? [list[1], p] : [...list, p]);
}

/* Enter: an area of three corners or more becomes the filter. */
export function finish(): void {
    if (tool.get() === 'area' && corners.get().length >= 3) filter.set({ ...filter.get(), area: corners.get() });
    take('select');
}
