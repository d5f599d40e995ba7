// Day and night: where the sun is below the horizon lies a shade.
import { sky, serverNow } from '../../data/sky';
import { subsolar, terminator } from '../../geo/sun';
import { lonOf, mercY } from '../../geo/mercator';
import { screenY } from '../view';
import type { Canvas } from './index';

const STEP_PX = 12;

export function night({ c, v, palette }: Canvas): void {
    if (!sky.clock.known) return;
    const sun = subsolar(serverNow());
    const edge = sun.lat > 0 ? v.height + 2 : -2; // the pole where it is night
    c.beginPath();
    c.moveTo(0, edge);
    for (let x = 0; x <= v.width + STEP_PX; x += STEP_PX) c.lineTo(x, screenY(v, mercY(terminator(sun, lonOf(v.x + (x - v.width / 2) / v.world)))));
    c.lineTo(v.width + STEP_PX, edge);
    c.closePath();
    c.globalAlpha = document.documentElement.dataset.theme === 'light' ? 0.14 : 0.42;
    c.fillStyle = document.documentElement.dataset.theme === 'light' ? palette.token('ink') : '#000';
    c.fill();
    c.globalAlpha = 1;
}
