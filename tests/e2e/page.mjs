// The desk from first paint to a lost connection, in real Chromium: page.mjs MASAR ROOT
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, focusIs, freePort, gone, laidOut, openBrowser, shown, sized, startMasar, stop, themed, until } from './browser.mjs';

const [masar, root] = process.argv.slice(2);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const input = `sim:scenario=${join(root, 'scenarios/niamey-2024')},start=2024-06-07T08:30:00Z,speed=60`;
const UNHEARD = 'abc123'; // an address nobody flies under here
const args = ['serve', '--in', input, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')];
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

/* No rule of weight serious or critical may be broken. */
async function accessible(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const grave = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    const text = grave.map((v) => `${v.id} (${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join('; ')})`).join(', ');
    check(`${what}: no serious accessibility violation`, grave.length === 0, text);
    const light = violations.filter((v) => !grave.includes(v)).map((v) => v.id);
    if (light.length) console.log(`# ${what}: lesser findings: ${light.join(', ')}`);
}

const painted = (page) => page.waitForFunction(() => window.__masar?.firstAircraftMs, null, { timeout: 20000 });
const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

async function firstPaint(page) {
    await page.goto(`${origin}/`);
    await painted(page);
    const ms = await page.evaluate(() => Math.round(window.__masar.firstAircraftMs));
    console.log(`# first_aircraft_ms ${ms}`);
    const mark = await page.evaluate(() => performance.getEntriesByName('masar:first-aircraft').length);
    check('the first painted aircraft is marked once', mark === 1, mark);
    await page.waitForFunction(() => document.querySelectorAll('.rows .tr').length > 5);
    check('what is simulated says so', await page.isVisible('.top .sim'));
    check('the clock shows the server’s date, not this one’s', (await page.textContent('.clock')).includes('Jun 2024'));
}

async function tableAndMap(page) {
    const every = await until(page, () => Number(document.getElementById('table').getAttribute('aria-rowcount')) - 1 === window.__masar.aircraft());
    check('the table has a row for every aircraft', every);
    const alive = await page.$$eval('.rows .tr', (r) => r.length);
    check('rows out of sight are not built', alive < 60, alive);
    await page.click('.rows .tr:nth-child(3)');
    await page.waitForSelector('.rows [aria-selected=true]');
    const hex = await page.evaluate(() => /sel=([^&]+)/.exec(location.hash)?.[1] ?? document.querySelector('[aria-selected=true]').id);
    check('a press on a row selects it', hex !== '');
    await page.waitForSelector('.vals tbody tr:nth-child(5)');
    const lines = await page.$$eval('.vals tbody tr', (all) => all.map((r) => [...r.children].map((c) => c.textContent)));
    const altitude = lines.find((l) => l[0] === 'Pressure altitude') ?? [];
    check('a quantity has value and unit', /^[\d,−]+ ft$|^–$/.test(altitude[1] ?? ''), altitude.join('|'));
    check('a quantity has its origin', /ADS-B|Mode S|MLAT/.test(altitude[2] ?? ''), altitude.join('|'));
    check('a quantity has its receiver', (altitude[3] ?? '') !== '' && altitude[3] !== '–', altitude.join('|'));
    check('a quantity has its age', /^\d+ (s|min|h.*)$/.test(altitude[4] ?? ''), altitude.join('|'));
}

/* Presses the pointer on an aircraft that stands alone on the map. */
async function pointer(page) {
    const at = await page.evaluate(() => {
        const m = window.__masar.map();
        const box = m.map.getCanvas().getBoundingClientRect();
        const spots = m.scene.spots.filter((s) => s.x > 60 && s.y > 60 && s.x < box.width - 60 && s.y < box.height - 160);
        const alone = spots.find((s) => spots.every((o) => o === s || Math.hypot(o.x - s.x, o.y - s.y) > 30));
        return alone && { x: box.left + alone.x, y: box.top + alone.y, hex: alone.a.hex };
    });
    check('an aircraft stands alone on the map', !!at);
    if (!at) return;
    await page.mouse.click(at.x, at.y);
    check('a press on the map selects that aircraft', await shown(page, `.panel .ph:has-text("${at.hex}")`), at.hex);
    check('the same one is selected in the table', await until(page, (h) => document.getElementById(`row-${h}`)?.getAttribute('aria-selected') === 'true', at.hex));
}

async function filters(page) {
    await page.click('#filter-button');
    check('the filter opens with the focus inside', await until(page, () => !!document.activeElement.closest('.pop')));
    await page.getByLabel('Airborne').check();
    await page.keyboard.press('Escape');
    check('Escape closes it and gives the focus back', await focusIs(page, 'filter-button'));
    check('the filter stands as a chip', await until(page, () => document.querySelector('.filters .chip')?.textContent === 'Airborne'));
    check('the map shows what the filter leaves', await until(page, () => window.__masar.map().scene.spots.filter((s) => s.a.ground).length <= 1));
    await page.click('.filters .chip');
    check('a press on the chip removes it', await gone(page, '.filters .chip'));
}

async function keyboard(page) {
    await page.keyboard.press('/');
    check('/ goes to the search', await focusIs(page, 'search'));
    await page.keyboard.type('niamey');
    await page.waitForSelector('#found [role=option]:has-text("DRRN")');
    check('places are found by name', true);
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    await page.waitForFunction(() => document.activeElement?.id === 'table');
    const before = await page.$eval('[aria-selected=true]', (r) => r.id);
    await page.keyboard.press('ArrowDown');
    check('arrows walk over the rows', await until(page, (b) => ![b, undefined].includes(document.querySelector('.rows [aria-selected=true]')?.id), before));
    await page.keyboard.press('Enter');
    check('Enter goes on to the panel of the row', await focusIs(page, 'panel'));
    await page.keyboard.press('t');
    await focusIs(page, 'table');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog.help[open] .keys');
    check('? lists the keys', true);
    await accessible(page, 'list of keys');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog.help[open]'));
    check('Escape closes it and gives the focus back', await focusIs(page, 'table'));
    await page.keyboard.press('Escape');
    check('Escape then clears the selection', await gone(page, '.panel'));
}

async function link(context, page) {
    await page.click('.rows .tr:nth-child(2)');
    await page.waitForFunction(() => /sel=/.test(location.hash));
    const url = page.url();
    const other = await context.newPage();
    await other.goto(url);
    await painted(other);
    check('a link opens the same selection', await until(other, () => location.hash.includes('sel=') && !!document.querySelector('.panel')));
    await other.goto(`${origin}/#sort=-squawk`);
    check('the column sorted by stands last in the table', await shown(other, '.th.c-last.c-squawk[aria-sort=descending]') && (await until(other, () => {
        const codes = [...document.querySelectorAll('.rows .tr:not(.silent) .c-last')].map((c) => c.textContent).filter((c) => /^\d{4}$/.test(c));
        return codes.length > 3 && codes.every((c, i) => i === 0 || c <= codes[i - 1]);
    })));
    await other.goto(`${origin}/?icao=${UNHEARD}&lat=13.48&lon=2.18&zoom=8#nonsense=1`);
    await other.waitForSelector('.strip');
    const center = await other.waitForFunction(() => window.__masar?.map?.()?.map.getCenter().toArray()).then((h) => h.jsonValue());
    check('tar1090’s keys open their view', Math.abs(center[0] - 2.18) < 0.01 && Math.abs(center[1] - 13.48) < 0.01, center);
    check('what a link does not say well is named', await shown(other, '.strip:has-text("nonsense")'));
    await other.close();
}

async function themes(page) {
    for (const scheme of ['dark', 'light']) {
        await themed(page, scheme);
        check(`${scheme}: the system’s theme is taken`, (await page.getAttribute('html', 'data-theme')) === scheme);
        await accessible(page, `desk, ${scheme}`);
    }
}

async function sizes(page) {
    for (const [width, height] of [[1100, 760], [760, 900], [390, 844], [320, 640]]) {
        await sized(page, width, height);
        check(`${width} px: nothing scrolls sideways`, !(await sideways(page)));
        await accessible(page, `${width} px`);
    }
    await sized(page, 390, 844);
    await page.click('.tabs button:nth-child(2)');
    await page.click('.rows [aria-selected=true]');
    check('a row pressed on a phone opens the map and what is known of it', await shown(page, '.desk[data-front=map] .sheet .panel'), await page.evaluate(() => `${JSON.stringify({ ...document.querySelector('.desk').dataset })} ${location.hash}`));
    await page.keyboard.press('Escape');
    await gone(page, '.panel');
    await sized(page, 1440, 900);
}

async function away(page, masarChild) {
    await stop(masarChild);
    await page.waitForSelector('.strip.warn', { timeout: 30000 });
    check('a lost connection is said with its time', await until(page, () => /No connection since \d\d:\d\d:\d\dZ/.test(document.querySelector('.strip')?.textContent)));
    check('what was heard stays', (await page.$$('.rows .tr')).length > 5);
    const again = await startMasar(masar, args, port);
    await page.waitForFunction(() => !document.querySelector('.strip.warn'), null, { timeout: 30000 });
    check('it recovers by itself', true);
    return again;
}

let child = await startMasar(masar, args, port);
const browser = await openBrowser(root, origin, new RegExp(UNHEARD), { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
try {
    const page = await browser.context.newPage();
    await firstPaint(page);
    await tableAndMap(page);
    await pointer(page);
    await filters(page);
    await keyboard(page);
    await link(browser.context, page);
    await themes(page);
    await sizes(page);
    check('nothing went wrong in the page', browser.errors.length === 0, browser.errors.join(' | '));
    child = await away(page, child);
    check('no request left this machine', browser.foreign.length === 0, browser.foreign.join(' '));
} catch (e) {
    check('the page does what the test does', false, e.stack);
} finally {
    await browser.close();
    await stop(child);
}
finish();
