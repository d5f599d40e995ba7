// What the map shows besides aircraft. The reader's choice is part of the link.
import { cell } from './cell';

export const LAYERS = ['labels', 'airports', 'fan', 'rings', 'outline', 'coverage', 'heat', 'jamming', 'night'] as const;
export type Layer = (typeof LAYERS)[number];

export const FIRST_LAYERS: readonly Layer[] = ['labels', 'airports', 'fan'];
export const layers = cell<readonly Layer[]>(FIRST_LAYERS);

export const isShown = (l: Layer) => layers.get().includes(l);
export const toggleLayer = (l: Layer) => layers.set(isShown(l) ? layers.get().filter((o) => o !== l) : [...layers.get(), l]);
