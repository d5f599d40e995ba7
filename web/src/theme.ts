// Theme and contrast: kept on this device, else the system's; and the tokens as numbers for WebGL.
import { cell } from './cell';
import { AltitudeRamp, parseHex, STOPS_FT, type Rgb } from './color';
import { keep, kept } from './keep';

export type ThemeChoice = 'system' | 'dark' | 'light';

const choiceKept = kept('theme');
export const themeChoice = cell<ThemeChoice>(
    choiceKept === 'dark' || choiceKept === 'light' ? choiceKept : 'system',
);
export const contrastMore = cell(document.documentElement.dataset.contrast === 'more');

export interface Palette {
    token(name: string): string;
    rgb(name: string): Rgb;
    ramp: AltitudeRamp;
}

function readPalette(of: Element = document.documentElement): Palette {
    const style = getComputedStyle(of);
    const read = new Map<string, string>();
    const token = (name: string) => {
        let value = read.get(name);
        if (!value) read.set(name, (value = style.getPropertyValue(`--${name}`).trim()));
        return value;
    };
    const colors = new Map<string, Rgb>();
    const rgb = (name: string) => {
        let value = colors.get(name);
        if (!value && token(name)) colors.set(name, (value = parseHex(token(name))));
        return value ?? [0, 0, 0];
    };
    return { token, rgb, ramp: new AltitudeRamp(STOPS_FT.map((_, i) => rgb(`alt-${i}`)), rgb('alt-ground')) };
}

export const palette = cell<Palette>(readPalette());

const papers = new Map<string, HTMLElement>();

/* The tokens of one theme, whatever the desk wears: for pictures. */
export function paletteOf(theme: 'dark' | 'light'): Palette {
    let of = papers.get(theme);
    if (!of) {
        of = document.createElement('div');
        of.hidden = true;
        of.dataset.theme = theme;
        document.body.append(of);
        papers.set(theme, of);
    }
    return readPalette(of);
}

const systemLight = matchMedia('(prefers-color-scheme: light)');

/* A theme is another picture, not a movement: colors that change with it do so at once. */
let stillFrame = 0;
function holdStill(root: HTMLElement) {
    root.dataset.still = '';
    cancelAnimationFrame(stillFrame);
    stillFrame = requestAnimationFrame(() => (stillFrame = requestAnimationFrame(() => delete root.dataset.still)));
}

function apply() {
    const root = document.documentElement;
    holdStill(root);
    const choice = themeChoice.get();
    root.dataset.theme = choice === 'system' ? (systemLight.matches ? 'light' : 'dark') : choice;
    if (contrastMore.get()) root.dataset.contrast = 'more';
    else delete root.dataset.contrast;
    palette.set(readPalette());
}

themeChoice.watch((c) => {
    keep('theme', c);
    apply();
});
contrastMore.watch((on) => {
    keep('contrast', on ? 'more' : 'normal');
    apply();
});
systemLight.addEventListener('change', apply);
