// What is not sure of the selection's place: how long it was not heard, or that its positions are false.
import { serverNow, sky } from '../../data/sky';
import { isSpoofed, movement } from '../../data/movement';
import { age } from '../../format';
import { t } from '../../words';
import { words, type Canvas } from './index';

const SILENT_S = 60;
const HATCH_PX = 4;
const RADIUS_PX = 21;

function hatched({ c, palette }: Canvas, x: number, y: number): void {
    c.save();
    c.beginPath();
    c.arc(x, y, RADIUS_PX, 0, 7);
    c.strokeStyle = palette.token('trust-spoofed');
    c.lineWidth = 1.5;
    c.stroke();
    c.clip();
    c.lineWidth = 1;
    c.beginPath();
    for (let d = -2 * RADIUS_PX; d < 2 * RADIUS_PX; d += HATCH_PX) {
        c.moveTo(x + d - RADIUS_PX, y + RADIUS_PX);
        c.lineTo(x + d + RADIUS_PX, y - RADIUS_PX);
    }
    c.stroke();
    c.restore();
}

export function doubt(to: Canvas): void {
    const s = to.scene.selected;
    if (!s || !sky.clock.known) return;
    if (isSpoofed(movement.get())) {
        hatched(to, s.x, s.y);
        words(to, t('map.spoofed'), s.x + RADIUS_PX + 6, s.y, { ink: 'trust-spoofed', weight: 600, size: 12 });
        return;
    }
    const silent = serverNow() - s.a.posAt;
    if (silent > SILENT_S) words(to, t('map.notHeardFor', age(silent)), s.x, s.y - 26, { align: 'center' });
}
