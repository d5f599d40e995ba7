// The base map: bundled geometry, bundled fonts, colors from the tokens. Nothing is asked of anybody.
import type { ExpressionSpecification, LayerSpecification, Map as MapLibre, StyleSpecification } from 'maplibre-gl';
import latin500 from '../../data/out/noto-sans-latin-500.woff2?url';
import europe500 from '../../data/out/noto-sans-europe-500.woff2?url';
import latinExt500 from '@fontsource/noto-sans/files/noto-sans-latin-ext-500-normal.woff2?url';
import arabic600 from '../../data/out/noto-sans-arabic-600.woff2?url';
import countries from '../../data/out/countries.json?url';
import ground110 from '../../data/out/ground-110m.json?url';
import type { Palette } from '../theme';
import type { Language } from '../words';

const absolute = (url: string) => new URL(url, document.baseURI).href;
const EMPTY = { type: 'FeatureCollection' as const, features: [] };
const FONT = ['Noto Sans Medium'];

/* Square degrees of a country's largest part from which its name stands at each zoom. */
const COUNTRY_SHOWN: ExpressionSpecification = [
    'step', ['zoom'], ['>', ['get', 'a'], 40], 3, ['>', ['get', 'a'], 8], 4, ['>', ['get', 'a'], 2],
    5, ['>', ['get', 'a'], 0.3], 6, true,
];

type Paint = Record<string, unknown>;

/* Every color of the map by layer, so that a change of theme is a walk over this table. */
export function paints(p: Palette): Record<string, Paint> {
    const t = p.token;
    return {
        sea: { 'background-color': t('map-sea') },
        land: { 'fill-color': t('map-land') },
        coast: { 'line-color': t('map-coast') },
        border: { 'line-color': t('map-border') },
        countries: { 'text-color': t('map-label'), 'text-halo-color': t('map-land') },
        airports: { 'text-color': t('ink-2'), 'text-halo-color': t('map-halo') },
    };
}

const name = (language: Language): ExpressionSpecification => ['get', language];

function layers(p: Palette, language: Language): LayerSpecification[] {
    const paint = paints(p);
    return [
        { id: 'land', type: 'fill', source: 'ground', filter: ['in', ['get', 'k'], ['literal', ['land', 'island']]], paint: paint.land },
        { id: 'border', type: 'line', source: 'ground', filter: ['==', ['get', 'k'], 'border'], paint: { ...paint.border, 'line-width': 0.8 } },
        { id: 'coast', type: 'line', source: 'ground', filter: ['in', ['get', 'k'], ['literal', ['coast', 'island']]], paint: { ...paint.coast, 'line-width': 0.9 } },
        {
            id: 'countries', type: 'symbol', source: 'countries', maxzoom: 8, filter: COUNTRY_SHOWN,
            layout: { 'text-field': name(language), 'text-font': FONT, 'text-size': 11, 'text-max-width': 7, 'symbol-sort-key': ['-', 0, ['get', 'a']], 'text-padding': 8 },
            paint: { ...paint.countries, 'text-halo-width': 1.5 },
        },
        {
            id: 'airports', type: 'symbol', source: 'airports', minzoom: 4.5,
            filter: ['step', ['zoom'], ['==', ['get', 'r'], 0], 7.5, true],
            layout: {
                'icon-image': 'airport', 'icon-allow-overlap': false, 'text-optional': true, 'icon-padding': 6,
                'text-field': ['step', ['zoom'], ['get', 'city'], 9, ['concat', ['get', 'city'], '  ', ['get', 'icao']]],
                'text-font': FONT, 'text-size': 11, 'text-anchor': 'left', 'text-offset': [0.75, 0], 'text-max-width': 12,
                'symbol-sort-key': ['get', 'r'],
            },
            paint: { ...paint.airports, 'text-halo-width': 1.6 },
        },
    ] as LayerSpecification[];
}

/* The sea alone: the first aircraft are drawn on it while the ground is still being read. */
export function seaStyle(p: Palette): StyleSpecification {
    return {
        version: 8,
        sources: {},
        'font-faces': {
            'Noto Sans Medium': [
                { url: absolute(latin500), 'unicode-range': ['U+0000-00FF', 'U+2000-206F'] },
                { url: absolute(europe500), 'unicode-range': ['U+0100-017F'] },
                { url: absolute(latinExt500), 'unicode-range': ['U+0180-02AF', 'U+1E00-1EFF'] },
                { url: absolute(arabic600), 'unicode-range': ['U+0600-06FF'] },
            ],
        },
        layers: [{ id: 'sea', type: 'background', paint: paints(p).sea }],
    } as StyleSpecification;
}

/* Puts ground and names on the sea. */
export function addGround(map: MapLibre, p: Palette, language: Language): void {
    map.addSource('ground', { type: 'geojson', data: absolute(ground110) });
    map.addSource('countries', { type: 'geojson', data: absolute(countries) });
    map.addSource('airports', { type: 'geojson', data: EMPTY });
    for (const layer of layers(p, language)) map.addLayer(layer);
}

/* The airport sign: a diamond in ink on the map's ground. */
export function airportSign(p: Palette, ratio: number): ImageData {
    const s = 13 * ratio;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = s;
    const c = canvas.getContext('2d')!;
    c.scale(ratio, ratio);
    c.translate(6.5, 6.5);
    c.rotate(Math.PI / 4);
    c.fillStyle = p.token('map-halo');
    c.strokeStyle = p.token('ink-2');
    c.lineWidth = 1.3;
    c.beginPath();
    c.rect(-2.9, -2.9, 5.8, 5.8);
    c.fill();
    c.stroke();
    return c.getImageData(0, 0, s, s);
}
