// The one map of the page, once it stands.
import type { AircraftMap } from './map/map';

let map: AircraftMap | null = null;
export const theMap = () => map;
export const setMap = (m: AircraftMap) => {
    map = m;
};
