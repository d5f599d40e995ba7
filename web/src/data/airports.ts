// The airports of the base map: read once, when somebody looks.
import type { FeatureCollection } from 'geojson';
import file from '../../data/out/airports.json?url';

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
}
type Row = [string, string, string, string, string, number, number, number, number];

let read: Promise<Airport[]> | null = null;

export function airports(): Promise<Airport[]> {
    read ??= fetch(new URL(file, document.baseURI).href)
        .then((r) => r.json() as Promise<Row[]>)
        .then((rows) =>
            rows.map(([icao, iata, name, city, country, rank, lat, lon, elevationFt]) => ({
                icao, iata, name, city: city || name, country, rank, lat, lon, elevationFt,
            })),
        );
    return read;
}

/* The city alone, without its district or province. */
const shortCity = (city: string) => city.split(/[/,(]/)[0].trim() || city;

export function airportPoints(list: Airport[]): FeatureCollection {
    return {
        type: 'FeatureCollection',
        features: list.map((a) => ({
            type: 'Feature',
            properties: { icao: a.icao, city: shortCity(a.city), r: a.rank },
            geometry: { type: 'Point', coordinates: [a.lon, a.lat] },
        })),
    };
}

const folded = (s: string) => s.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

/* Best first: code, then city, then name. */
export function findAirports(list: Airport[], query: string, most: number): Airport[] {
    const q = folded(query.trim());
    if (q.length < 2) return [];
    const score = (a: Airport) =>
        a.icao.toLowerCase() === q || a.iata.toLowerCase() === q ? 0
        : folded(a.city).startsWith(q) ? 1 + a.rank
        : folded(a.name).includes(q) ? 4 + a.rank
        : 9;
    return list
        .map((a) => ({ a, s: score(a) }))
        .filter((r) => r.s < 9)
        .sort((p, r) => p.s - r.s || (p.a.icao < r.a.icao ? -1 : 1))
        .slice(0, most)
        .map((r) => r.a);
}
