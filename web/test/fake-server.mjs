// A stand-in for `masar serve`: the built page and made-up aircraft that fly straight on, so that the
// page can be tried and tested without a feed. node fake-server.mjs DIST PORT [AIRCRAFT]
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const [dist, port, wanted = '400'] = process.argv.slice(2);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const RAD = Math.PI / 180;

/* mulberry32: the same aircraft every time. */
function random(seed) {
    return () => {
        seed = (seed + 0x6d2b79f5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}
const r = random(7);
const KINDS = [['A3', 36000, 450], ['A3', 33000, 440], ['A3', 12000, 320], ['A5', 38000, 480], ['A2', 21000, 280], ['A1', 4500, 110], ['A7', 1500, 120], ['B1', 6000, 60], ['C2', 0, 12]];
const CODES = ['AFR', 'RAM', 'DAH', 'TAR', 'IBE', 'VLG', 'RYR', 'DLH', 'THY', 'EZS'];
const fleet = Array.from({ length: Number(wanted) }, (_, i) => {
    const [category, level, gs] = KINDS[Math.floor(r() * KINDS.length)];
    const track = r() * 360;
    return {
        hex: (0x3c0000 + i * 37).toString(16).padStart(6, '0'), flight: i % 19 === 0 ? '' : CODES[Math.floor(r() * CODES.length)] + Math.floor(100 + r() * 8900),
        category, gs: gs * (0.9 + r() * 0.2), track, lat: 20 + r() * 32, lon: -14 + r() * 36, level: level ? Math.round((level * (0.6 + r() * 0.5)) / 25) * 25 : 0,
        rate: i % 7 === 0 ? 1400 : i % 11 === 0 ? -1200 : 0, squawk: i === 41 ? '7700' : String(1000 + Math.floor(r() * 6000)).replace(/[89]/g, '1'), mlat: i % 17 === 0, lag: r() * 3,
    };
});
fleet[0] = { hex: 'ae5d2c', flight: 'RCH115', category: 'A5', gs: 435, track: 92, lat: 38.5, lon: 1.5, level: 31000, rate: 0, squawk: '4512', mlat: false, lag: 0.4 };
const started = Date.now() / 1000;
const at = (p, t) => {
    const d = ((t - started) * p.gs * 1852) / 3600 / 111195;
    return { lat: p.lat + d * Math.cos(p.track * RAD), lon: p.lon + (d * Math.sin(p.track * RAD)) / Math.cos(p.lat * RAD) };
};
const row = (p, now) => ({
    hex: p.hex, type: p.mlat ? 'mlat' : 'adsb_icao', ...(p.flight ? { flight: p.flight.padEnd(8) } : {}), alt_baro: p.level === 0 ? 'ground' : p.level, gs: +p.gs.toFixed(1), track: +p.track.toFixed(1),
    baro_rate: p.rate, squawk: p.squawk, emergency: 'none', category: p.category, ...at(p, now - p.lag), seen: 0.1, seen_pos: +p.lag.toFixed(1), messages: 900, rssi: -18,
});

function detail(p, now) {
    const pos = at(p, now - p.lag);
    const by = (t, type, receiver) => ({ t, age: now - t, fresh: now - t < 60, type, origin: { adsb_icao: 'ADS-B', mode_s: 'Mode S' }[type], receiver, receiver_name: receiver === 1 ? 'Accra' : 'Cotonou' });
    const f = (key, value, unit, lag, type = 'adsb_icao', receiver = 1) => ({ key, value, unit, ...by(now - lag, type, receiver) });
    return {
        hex: p.hex, icao: true, now, simulated: true, flight: p.flight, type: 'adsb_icao', messages: 812 + Math.floor(now - started), first: started - 3300, seen: now - 0.1,
        position: { ...pos, method: 'cpr_global', ...by(now - p.lag, 'adsb_icao', 2), nic: 8, rc: 186 },
        fields: [
            f('alt_baro', p.level, 'ft', 0.4), f('alt_geom', p.level + 425, 'ft', 0.4), f('ground', p.level === 0, '', 0.4), f('gs', p.gs, 'kt', 0.6), f('track', p.track, 'deg', 0.6), f('baro_rate', p.rate, 'fpm', 0.6),
            f('flight', p.flight || 'n/a', '', 3.1, 'adsb_icao', 2), f('squawk', p.squawk, '', 6.2, 'mode_s'), f('category', p.category, '', 3.1), f('emergency', 'none', '', 12), f('nic', 8, '', 0.4), f('rc', 186, 'm', 0.4), f('version', 2, '', 22),
            f('nac_p', 9, '', 22), f('nac_v', 2, '', 0.6), f('sil', 3, '', 22), f('nav_altitude_mcp', p.level + 8, 'ft', 14, 'mode_s'), f('nav_qnh', 1013.6, 'hPa', 14, 'mode_s'), f('nav_modes', ['autopilot', 'vnav', 'tcas'], '', 14),
            f('ias', 268, 'kt', 8, 'mode_s', 2), f('tas', 440, 'kt', 8, 'mode_s', 2), f('mach', 0.764, '', 8, 'mode_s', 2), f('mag_heading', p.track + 2, 'deg', 8, 'mode_s', 2), f('roll', -0.35, 'deg', 8, 'mode_s', 2), f('oat', -41.5, 'C', 150, 'mode_s'), f('wd', 280, 'deg', 8, 'mode_s'), f('ws', 34, 'kt', 8, 'mode_s'),
        ],
        rejected: [{ t: now - 640, lat: pos.lat + 3, lon: pos.lon - 4, verdict: 'too_fast', text: 'farther from the last position than the aircraft can have flown', method: 'cpr_local', type: 'adsb_icao', origin: 'ADS-B', receiver: 1, receiver_name: 'Accra' }],
    };
}

function trail(p, now) {
    const points = [];
    for (let t = now - 3300; t < now; t += 20) {
        if (t > now - 1900 && t < now - 900) continue;
        const climb = Math.min(1, (t - now + 3300) / 1100);
        const { lat, lon } = at(p, t);
        points.push([t, lat + Math.sin((t - now) / 500) * 0.25, lon, p.level === 0 ? 'ground' : Math.round(p.level * climb), p.gs, p.track, 'adsb_icao', 0]);
    }
    for (let i = 1; i < points.length; i++) if (points[i][0] - points[i - 1][0] > 60) points[i][7] = 1;
    return { hex: p.hex, now, columns: [], points };
}

function answer(path) {
    const now = Date.now() / 1000;
    if (path === '/data/aircraft.json') return { now, messages: 1, aircraft: fleet.map((p) => row(p, now)) };
    if (path === '/data/receiver.json') return { refresh: 1000, history: 0, version: 'fake', lat: 36.6, lon: -6.3 };
    if (path === '/api/v1/fields') return { fields: [{ key: 'oat', ttl_s: 60 }], origins: [], verdicts: [] };
    const m = /^\/api\/v1\/aircraft\/(~?[0-9a-f]{6})(\/trail)?$/.exec(path);
    const p = m && fleet.find((q) => q.hex === m[1]);
    return p ? (m[2] ? trail(p, now) : detail(p, now)) : null;
}

createServer(async (req, res) => {
    const path = new URL(req.url, 'http://x').pathname;
    const json = /^\/(data\/(aircraft|receiver)\.json|api\/)/.test(path) ? answer(path) : undefined;
    if (json !== undefined) {
        res.writeHead(json ? 200 : 404, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
        res.end(JSON.stringify(json ?? { error: 'not heard' }));
        return;
    }
    try {
        const file = join(dist, normalize(path === '/' ? '/index.html' : path));
        const body = await readFile(file);
        res.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
        res.end(body);
    } catch {
        res.writeHead(404);
        res.end();
    }
}).listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/`));
