import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { AltitudeRamp, css, fromOklab, parseHex, STOPS_FT, toOklab, type Rgb } from '../src/color';

const tokens = readFileSync(new URL('../src/style/tokens.css', import.meta.url), 'utf8');
const themes = { dark: tokens.slice(tokens.indexOf('[data-theme="dark"]')), light: tokens.slice(tokens.indexOf('[data-theme="light"]')) };
const stop = (theme: string, name: string) => parseHex(new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(theme)![1]);

describe('altitude colors', () => {
    for (const [name, theme] of Object.entries(themes)) {
        const stops = STOPS_FT.map((_, i) => stop(theme, `alt-${i}`));
        const ramp = new AltitudeRamp(stops, stop(theme, 'alt-ground'));
        it(`${name}: each stop is its token`, () => {
            STOPS_FT.forEach((ft, i) => expect(css(ramp.at(ft))).toBe(css(stops[i])));
        });
        it(`${name}: lightness never falls with height`, () => {
            let before = -1;
            for (let ft = 0; ft <= 42000; ft += 250) {
                const [lightness] = toOklab(ramp.at(ft));
                expect(lightness).toBeGreaterThan(before - 0.004);
                before = lightness;
            }
        });
        it(`${name}: below and above the stops the ends stand`, () => {
            expect(ramp.at(-1200)).toEqual(ramp.at(0));
            expect(ramp.at(60000)).toEqual(ramp.at(42000));
        });
    }
    it('OKLab there and back is the same color', () => {
        for (const c of [[0, 0, 0], [1, 1, 1], [0.2, 0.5, 0.9], [0.99, 0.94, 0.51]] as Rgb[])
            fromOklab(toOklab(c)).forEach((v, i) => expect(v).toBeCloseTo(c[i], 3));
    });
    it('tokens name the stops this table has', () => {
        STOPS_FT.forEach((ft, i) => expect(tokens).toContain(`--alt-ft-${i}: ${ft};`));
    });
});
