// The one map of the page, once it stands.
import { cell } from './cell';
import type { AircraftMap } from './map/map';

/* Aircraft drawn in the last frame. */
export const drawnCount = cell(0);

let map: AircraftMap | null = null;
export const theMap = () => map;
export const setMap = (m: AircraftMap) => {
    map = m;
};
