// The airports of the base map: the large ones for the map, all of them when somebody looks closer or
// searches.
import type { FeatureCollection } from 'geojson';
import largeFile from '../../data/out/airports-large.json?url';
import allFile from '../../data/out/airports.json?url';
import { folded } from '../fold';
import { language, type Language } from '../words';

export interface Airport {
    icao: string;
    iata: string;
    name: string;
    city: string;
    country: string;
    rank: number; // 0 large, 1 medium
    lat: number;
    lon: number;
    elevationFt: number;
    names: Partial<Record<Language, string>>; // of the city, where they are other than English
}
type Row = [string, string, string, string, string, number, number, number, number, string?, string?];

const ofRow = ([icao, iata, name, city, country, rank, lat, lon, elevationFt, ar, fr]: Row): Airport => ({
    icao, iata, name, city: city || name, country, rank, lat, lon, elevationFt, names: { ...(ar && { ar }), ...(fr && { fr }) },
});

type LargeRow = [string, string, string, number, number, number, string?, string?];
const ofLarge = ([icao, city, country, rank, lat, lon, ar, fr]: LargeRow): Airport =>
    ofRow([icao, '', city, city, country, rank, lat, lon, NaN, ar, fr]);

/* Asked once; again where it failed. */
function once<R>(file: string, read: (row: R) => Airport): () => Promise<Airport[]> {
    let reading: Promise<Airport[]> | null = null;
    return () => {
        reading ??= fetch(new URL(file, document.baseURI).href)
            .then((r) => (r.ok ? (r.json() as Promise<R[]>) : Promise.reject(new Error(`HTTP ${r.status}`))))
            .then((rows) => rows.map(read))
            .catch((e) => {
                reading = null;
                throw e;
            });
        return reading;
    };
}

export const largeAirports = once<LargeRow>(largeFile, ofLarge); // without names and heights
export const airports = once<Row>(allFile, ofRow);

/* The city alone, without its district or province, in the reader's language. */
const shortCity = (city: string) => city.split(/[/,(]/)[0].trim() || city;
export const cityOf = (a: Airport) => a.names[language.get()] ?? shortCity(a.city);

export function airportPoints(list: Airport[]): FeatureCollection {
    return {
        type: 'FeatureCollection',
        features: list.map((a) => ({
            type: 'Feature',
            properties: { icao: a.icao, city: cityOf(a), r: a.rank },
            geometry: { type: 'Point', coordinates: [a.lon, a.lat] },
        })),
    };
}

/* Best first: code, then city, then name. */
export function findAirports(list: Airport[], query: string, most: number): Airport[] {
    const q = folded(query.trim());
    if (q.length < 2) return [];
    const score = (a: Airport) =>
        a.icao.toLowerCase() === q || a.iata.toLowerCase() === q ? 0
        : folded(a.city).startsWith(q) || Object.values(a.names).some((n) => folded(n).startsWith(q)) ? 1 + a.rank
        : folded(a.name).includes(q) ? 4 + a.rank
        : 9;
    return list
        .map((a) => ({ a, s: score(a) }))
        .filter((r) => r.s < 9)
        .sort((p, r) => p.s - r.s || (p.a.icao < r.a.icao ? -1 : 1))
        .slice(0, most)
        .map((r) => r.a);
}
