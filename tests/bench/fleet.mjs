// A made-up fleet, every aircraft with a new position every second, as track CSV to whoever connects.
import { createServer } from 'node:net';

const RAD = Math.PI / 180;
const HEAD = 'time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n';

function made(i) {
    const u = (k) => ((Math.imul(i + 1, 2654435761 + k * 40503) >>> 0) % 100000) / 100000;
    return { hex: (0x300000 + (i % 0x80000)).toString(16), flight: `TST${i}`, lat: 25 + u(1) * 30, lon: -15 + u(2) * 45, alt: 1000 + Math.floor(u(3) * 390) * 100, gs: 200 + Math.floor(u(4) * 300), track: Math.floor(u(5) * 360) };
}

function moved(p) {
    const d = p.gs / 3600 / 60; // degrees in a second
    p.lat += d * Math.cos(p.track * RAD);
    p.lon += (d * Math.sin(p.track * RAD)) / Math.cos(p.lat * RAD);
    if (p.lat > 60 || p.lat < 20) p.track = (540 - p.track) % 360;
}

/* `leave`: how many aircraft of the fleet fly out of hearing each second, and as many others come. */
export function openFeed(port, count, leave = 0) {
    const fleet = Array.from({ length: count }, (_, i) => made(i));
    let next = count;
    let owed = 0;
    const step = () => {
        const t = (Date.now() / 1000).toFixed(1);
        for (owed += leave; owed >= 1; owed--) fleet[Math.floor(Math.random() * count)] = made(next++);
        return fleet.map((p) => {
            moved(p);
            return `${t},${p.hex},${p.flight},${p.lat.toFixed(5)},${p.lon.toFixed(5)},${p.alt},${p.gs},${p.track},0,0`;
        }).join('\n') + '\n';
    };
    return createServer((s) => {
        s.on('error', () => undefined);
        s.write(HEAD + step());
        const timer = setInterval(() => !s.destroyed && s.write(step()), 1000);
        s.on('close', () => clearInterval(timer));
    }).listen(port, '127.0.0.1');
}

export const at = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? NaN;
