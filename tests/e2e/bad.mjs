// What goes wrong around the page, in each language: bad.mjs MASAR ROOT
// Between page and masar stands a proxy that holds back, garbles and cuts what masar sends.
import { createServer as createHttp } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { check, finish, freePort, openBrowser, startMasar, stop, until } from './browser.mjs';

const [masar, root] = process.argv.slice(2);
const LANGUAGES = ['en', 'fr', 'ar'];
const SAID = {
    away: { en: /No connection since .*\d\d:\d\d:\d\dZ/, fr: /Pas de connexion depuis .*\d\d:\d\d:\d\dZ/, ar: /لا اتصال منذ .*\d\d:\d\d:\d\dZ/ },
    ahead: { en: /clock is 61 minutes ahead/, fr: /horloge de cet appareil avance de .*61.minutes/, ar: /ساعة هذا الجهاز متقدمة .*61.*دقيقة/ },
    none: { en: /No aircraft heard/, fr: /[Aa]ucun aéronef/, ar: /لم تُرصد طائرات/ },
    all: { en: /100,000/, fr: /100.000/, ar: /100,000/ },
};

/* `held`: nothing of a WebSocket comes through; `garbled`: how many pictures to spoil. */
const proxy = { held: false, garbled: 0 };
function openProxy(port, to) {
    return createServer((page) => {
        const server = connect(to, '127.0.0.1');
        let isSocket = false;
        const waiting = [];
        const end = () => { page.destroy(); server.destroy(); clearInterval(timer); };
        const timer = setInterval(() => { while (!proxy.held && waiting.length) page.write(waiting.shift()); }, 100);
        page.on('data', (d) => { isSocket ||= /upgrade: websocket/i.test(d.toString('latin1')); server.write(d); });
        server.on('data', (d) => {
            const head = d[1] < 126 ? 2 : d[1] === 126 ? 4 : 10;
            if (isSocket && proxy.garbled > 0 && d[0] === 0x82 && d.length > head + 4) {
                proxy.garbled--;
                d[head] ^= 0xff; // no longer "mP"
            }
            if (isSocket && (proxy.held || waiting.length)) waiting.push(d);
            else page.write(d);
        });
        for (const s of [page, server]) s.on('close', end).on('error', end);
    }).listen(port, '127.0.0.1');
}

const HEAD = 'time_utc_epoch,icao24,callsign,lat,lon,alt_ft,gs_kt,track_deg,vrate_fpm,onground\n';
function openLines(port, lines, everyMs) {
    return createServer((s) => {
        s.on('error', () => undefined);
        s.write(HEAD + lines());
        const timer = setInterval(() => !s.destroyed && s.write(lines()), everyMs);
        s.on('close', () => clearInterval(timer));
    }).listen(port, '127.0.0.1');
}
const now = () => (Date.now() / 1000).toFixed(1);
const few = () => Array.from({ length: 12 }, (_, i) => `${now()},3000${(16 + i).toString(16)},TST${i},${45 + i / 10},${5 + i / 10},30000,400,90,0,0\n`).join('');

/* masar behind the proxy, and a page in each language. */
async function inEach(lines, everyMs, options, tell) {
    const [feedPort, port, seen] = [await freePort(), await freePort(), await freePort()];
    const feed = openLines(feedPort, lines, everyMs);
    const child = await startMasar(masar, ['serve', '--in', `trackcsv:connect=127.0.0.1:${feedPort}`, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
    const between = openProxy(seen, port);
    const origin = `http://127.0.0.1:${seen}`;
    const browser = await openBrowser(root, origin, /aircraft|ws$|assets/, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', ...options });
    try {
        const pages = [];
        for (const language of options.languages ?? LANGUAGES) {
            const page = await browser.context.newPage();
            if (options.before) await page.addInitScript(options.before);
            await page.goto(`${origin}/?lang=${language}`);
            pages.push([language, page]);
        }
        await tell(pages, origin);
    } finally {
        await browser.close();
        between.close();
        await stop(child);
        feed.close();
    }
}
const strip = (page, wanted, timeout) => page.waitForFunction((w) => new RegExp(w).test(document.querySelector('.strip')?.textContent ?? ''), wanted.source, { timeout }).then(() => true, () => false);
const calm = (page, timeout) => page.waitForFunction(() => !document.querySelector('.strip.warn'), null, { timeout }).then(() => true, () => false);
const heard = (page) => page.waitForFunction(() => window.__masar?.aircraft() >= 12, null, { timeout: 60000 });
const tellStrip = (page) => page.evaluate(() => document.querySelector('.strip')?.textContent ?? 'no strip');

async function sockets(pages) {
    for (const [, page] of pages) await heard(page);
    proxy.garbled = pages.length;
    for (let i = 0; i < 300 && proxy.garbled > 0; i++) await new Promise((r) => setTimeout(r, 100));
    for (const [language, page] of pages) check(`${language}: after a spoiled picture it begins anew`, proxy.garbled === 0 && (await calm(page, 40000)) && (await until(page, () => window.__masar.aircraft() === 12)), await tellStrip(page));
    proxy.held = true;
    for (const [language, page] of pages) check(`${language}: a connection that says nothing is said to be away, since when`, await strip(page, SAID.away[language], 40000), await tellStrip(page));
    for (const [language, page] of pages) check(`${language}: what was heard stays`, await until(page, () => document.querySelectorAll('.rows .tr').length === 12));
    proxy.held = false;
    for (const [language, page] of pages) check(`${language}: it recovers by itself`, await calm(page, 60000), await tellStrip(page));
}

async function clocks(pages) {
    for (const [language, page] of pages) {
        await heard(page);
        check(`${language}: a device whose clock is an hour off is told`, await strip(page, SAID.ahead[language], 60000), await tellStrip(page));
        const young = await until(page, () => {
            const ages = [...document.querySelectorAll('.rows .c-last')].map((c) => c.textContent);
            return ages.length > 0 && !ages.some((x) => /min|h|د/.test(x));
        });
        check(`${language}: ages are the server's`, young, await page.evaluate(() => `${window.__masar?.aircraft()} aircraft, ${document.visibilityState}: ${document.querySelector('.side')?.textContent}`));
    }
}

async function nobody(pages) {
    for (const [language, page] of pages) {
        const text = await page.waitForFunction((w) => new RegExp(w).test(document.body.textContent), SAID.none[language].source, { timeout: 60000 }).then(() => true, () => false);
        check(`${language}: no aircraft is said, not shown as nothing`, text, await page.evaluate(() => document.querySelector('.side')?.textContent));
    }
}

async function crowd(pages) {
    for (const [language, page] of pages) {
        await until(page, (said) => window.__masar?.aircraft() === 100000 && document.getElementById('table')?.getAttribute('aria-rowcount') === '100001' && new RegExp(said).test(document.querySelector('.foot')?.textContent), SAID.all[language].source, 120000);
        const seen = await page.evaluate(() => ({ all: window.__masar.aircraft(), rows: Number(document.getElementById('table')?.getAttribute('aria-rowcount')), built: document.querySelectorAll('.rows .tr').length, foot: document.querySelector('.foot')?.textContent }));
        check(`${language}: a hundred thousand aircraft, every one a row, few of them built, counted`, seen.all === 100000 && seen.rows === 100001 && seen.built < 60 && SAID.all[language].test(seen.foot), JSON.stringify(seen));
    }
}

/* A server without a WebSocket, whose feed says what no transponder can. */
async function odd() {
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const call = '<img src=x onerror="window.bitten=1">';
    const reversed = '\u202eABC\u0007D\u2066E';
    const to = await freePort();
    const child = await startMasar(masar, ['serve', '--in', 'beast:listen=127.0.0.1:0', '--http', `127.0.0.1:${to}`, '--web', join(root, 'web/dist')], to);
    const front = createHttp(async (q, a) => {
        if (q.url.startsWith('/data/aircraft.json')) {
            const aircraft = [{ hex: '300010', flight: call, lat: 45, lon: 5, alt_baro: 30000, seen: 0, seen_pos: 0 }, { hex: '300011', flight: reversed, r: '<b>x', t: 'A320', lat: 45.2, lon: 5, alt_baro: '31000', gs: 'fast', squawk: '9999', seen: 0, seen_pos: 0 }, { hex: 5 }];
            a.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ now: Date.now() / 1000, aircraft }));
            return;
        }
        const r = await fetch(`http://127.0.0.1:${to}${q.url}`);
        const head = Object.fromEntries([...r.headers].filter(([n]) => !/encoding|length|connection/.test(n)));
        a.writeHead(r.status, head).end(Buffer.from(await r.arrayBuffer()));
    }).listen(port, '127.0.0.1');
    const browser = await openBrowser(root, origin, /./, { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' });
    try {
        const page = await browser.context.newPage();
        await page.goto(`${origin}/?lang=ar`);
        await page.waitForFunction(() => document.querySelectorAll('.rows .tr').length === 2, null, { timeout: 30000 });
        const seen = await page.evaluate(() => ({ texts: [...document.querySelectorAll('.rows .c-flight .id')].map((e) => e.textContent), images: document.querySelectorAll('.rows img').length, bitten: window.bitten ?? 0 }));
        check('a call sign of markup is letters', seen.texts.includes(call) && seen.images === 0 && seen.bitten === 0, JSON.stringify(seen));
        check('one that would turn the text around is without what turns', seen.texts.includes('ABCDE'), JSON.stringify(seen));
        await page.click('.rows .tr:nth-child(1)');
        await page.waitForSelector('.panel');
        check('nor does its panel run it', await page.evaluate(() => !window.bitten && !document.querySelector('.panel img')));
    } finally {
        await browser.close();
        front.close();
        front.closeAllConnections?.();
        await stop(child);
    }
}

const AHEAD = () => { const is = Date.now; Date.now = () => is() + 61 * 60_000; };
const hundred = () => Array.from({ length: 100_000 }, (_, i) => `${now()},${(0x300000 + i).toString(16)},T${i},${(-60 + (i % 1200) / 10).toFixed(2)},${(-179 + Math.floor(i / 1200) * 4.2).toFixed(2)},30000,400,90,0,0\n`).join('');
try {
    await inEach(few, 1000, {}, sockets);
    await inEach(few, 1000, { before: AHEAD }, clocks);
    await inEach(() => '', 1000, {}, nobody);
    await inEach(hundred, 25_000, { languages: ['ar'] }, crowd);
    await odd();
} catch (e) {
    check('the test is told to its end', false, e.stack);
}
finish();
