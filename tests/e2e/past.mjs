// An instant of history on the page, in real Chromium: past.mjs MASAR ROOT STORE GAP HEX, the store holding
// 2024-06-07 08:00 to 08:18 Z; GAP to 08:36 without 08:09 to 08:21, with HEX heard before and after.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish, freePort, gone, openBrowser, shown, startMasar, stop, until } from './browser.mjs';

const [masar, root, store, gapStore, hex] = process.argv.slice(2);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const args = ['serve', '--in', `store:dir=${store},from=2024-06-07T08:05:00Z,speed=1`, '--store', store, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')];
const axe = readFileSync(createRequire(join(root, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

const heard = (page) => page.evaluate(() => window.__masar.aircraft());
const instant = (page) => page.$eval('#time', (e) => Number(e.getAttribute('aria-valuenow')));
const at = (hm) => Date.parse(`2024-06-07T${hm}Z`) / 1000;
/* The instant, once it is the same for half a second. */
async function stands(page) {
    for (let was = NaN; ; ) {
        const is = await instant(page);
        if (is === was) return is;
        was = is;
        await page.waitForTimeout(500);
    }
}
const isPast = (page) => page.isVisible('.pastbadge');
const settled = (page, s) => page.waitForFunction((x) => Math.abs(Number(document.getElementById('time')?.getAttribute('aria-valuenow')) - x) < 2, s, { timeout: 30000 });

async function opensOnItsInstant(page) {
    await page.goto(`${origin}/#at=2024-06-07T08:10:00Z`);
    await page.waitForSelector('.pastbadge', { timeout: 30000 });
    await page.waitForFunction(() => window.__masar?.aircraft() > 3, null, { timeout: 30000 });
    await settled(page, at('08:10:00'));
    check('a link opens its instant', (await page.textContent('.clock')).includes('08:10:00'), await page.textContent('.clock'));
    await page.waitForSelector('.tplot .bar');
    check('the bar shows how much was heard', (await page.$$('.tplot .bar')).length > 20);
    const before = await heard(page);
    await page.waitForTimeout(1500); // nothing is to come
    check('time stands still', (await instant(page)) === at('08:10:00') && (await heard(page)) === before);
}

async function plays(page) {
    const began = Date.now();
    await page.keyboard.press('2');
    await page.keyboard.press(' ');
    await page.waitForFunction((t) => Number(document.getElementById('time').getAttribute('aria-valuenow')) > t + 15, at('08:10:00'), { timeout: 30000 });
    await page.keyboard.press(' ');
    await page.waitForSelector('[aria-label="Play"]');
    const stopped = await stands(page);
    const took = (Date.now() - began) / 1000;
    check('ten seconds pass in one', stopped > at('08:10:10') && stopped - at('08:10:00') < 11 * took, `${stopped - at('08:10:00')} in ${took}`);
    await page.waitForTimeout(800); // nothing is to come
    check('it pauses', (await instant(page)) === stopped);
}

async function goesAbout(page) {
    await page.fill('#instant', '2024-06-07 08:03');
    await page.press('#instant', 'Enter');
    await settled(page, at('08:03:00'));
    check('an instant is typed', true);
    await page.fill('#instant', 'noon');
    await page.press('#instant', 'Enter');
    check('what is no instant is said to be none', await shown(page, '.tinst [role=alert]'));
    await page.press('#instant', 'Escape');
    await page.focus('#time');
    await page.keyboard.press('.');
    await settled(page, at('08:04:00'));
    check('a minute on', true);
    await page.keyboard.press('End');
    await page.waitForFunction(() => Number(document.getElementById('time').getAttribute('aria-valuenow')) >= Number(document.getElementById('time').getAttribute('aria-valuemax')) - 2);
    check('the end of the record is an end', (await instant(page)) <= at('08:18:05'));
    const box = await (await page.$('#time')).boundingBox();
    await page.mouse.click(box.x + box.width / 2, box.y + 20);
    await page.waitForFunction((e) => Number(document.getElementById('time').getAttribute('aria-valuenow')) < e - 60, at('08:18:00'));
    check('a press on the bar goes there', true);
}

async function comesBack(page, restart) {
    await page.fill('#instant', '2024-06-07 08:07:30');
    await page.press('#instant', 'Enter');
    await settled(page, at('08:07:30'));
    await page.waitForFunction(() => location.hash.includes('at=2024-06-07T08:07:30Z'), null, { timeout: 30000 });
    await page.click('.rows .tr:nth-child(2)');
    await page.waitForSelector('.vals tbody tr:nth-child(2)');
    check('the panel shows what history keeps', (await page.$$('.vals tbody tr')).length >= 2);
    const count = await heard(page);
    await page.reload();
    await page.waitForSelector('.pastbadge', { timeout: 30000 });
    await settled(page, at('08:07:30'));
    await page.waitForFunction((n) => window.__masar?.aircraft() === n, count, { timeout: 30000 });
    check('a page loaded again is at its instant', true);
    await restart(() => page.waitForSelector('.strip.warn', { timeout: 30000 }));
    await page.waitForFunction(() => !document.querySelector('.strip.warn'), null, { timeout: 30000 });
    await settled(page, at('08:07:30'));
    check('so is one whose server was started again', (await isPast(page)) && (await until(page, (n) => window.__masar.aircraft() === n, count)));
}

async function goesLive(page) {
    await page.keyboard.press('Escape');
    await page.keyboard.press('l');
    await page.waitForFunction(() => !document.querySelector('.pastbadge'), null, { timeout: 30000 });
    await page.waitForFunction(() => !location.hash.includes('at='), null, { timeout: 30000 });
    check('back to the present', !(await isPast(page)));
}

/* Without inputs there is no present: the page opens where history ends, and says so. */
async function opensHistory(page) {
    await page.goto('about:blank');
    await page.goto(`${origin}/`);
    await page.waitForSelector('.pastbadge', { timeout: 30000 });
    await page.waitForFunction(() => window.__masar?.aircraft() > 3, null, { timeout: 30000 });
    check('a server without inputs opens on the end of its history', await until(page, (t) => Math.abs(Number(document.getElementById('time')?.getAttribute('aria-valuenow')) - t) < 30, at('08:18:00')), await instant(page));
    check('and says that there is nothing else', /history only/i.test(await page.textContent('.pastbadge')));
    await page.keyboard.press('l');
    await page.waitForFunction(() => !document.querySelector('.pastbadge'), null, { timeout: 30000 });
    await page.waitForTimeout(500); // it does not go back by itself
    check('one may leave it', !(await isPast(page)));
}

/* What nobody wrote down is empty on the map and hatched in the profile. */
async function showsGap(page) {
    await page.goto('about:blank');
    await page.goto(`${origin}/#sel=${hex}&at=2024-06-07T08:30:00Z`);
    await page.waitForFunction(() => window.__masar?.map()?.trail.points.some((p) => p.gap), null, { timeout: 30000 });
    const [lo, hi] = await page.evaluate(() => { const all = window.__masar.map().trail.points; const i = all.findIndex((p) => p.gap); return [all[i - 1].t, all[i].t]; });
    check('a gap of history is a gap of the trail', lo <= at('08:09:00') && hi >= at('08:21:00'), `${lo} ${hi}`);
    check('and of the profile', await shown(page, '.profile rect[fill*=unheard]'));
}

async function accessible(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    const grave = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical');
    check(`${what}: no serious accessibility violation`, grave.length === 0, grave.map((v) => `${v.id} (${v.nodes[0].target})`).join(', '));
}

let server = await startMasar(masar, args, port);
const browser = await openBrowser(root, origin, /^$/, { viewport: { width: 1440, height: 900 } });
const { errors } = browser;
const page = await browser.context.newPage();
try {
    await opensOnItsInstant(page);
    await accessible(page, 'the past');
    await plays(page);
    await goesAbout(page);
    await comesBack(page, async (seen) => {
        await stop(server);
        await seen();
        server = await startMasar(masar, args, port);
    });
    await goesLive(page);
    await stop(server);
    server = await startMasar(masar, ['serve', ...args.slice(3)], port);
    await opensHistory(page);
    await stop(server);
    server = await startMasar(masar, ['serve', '--store', gapStore, ...args.slice(5)], port);
    await showsGap(page);
    const own = errors.filter((e) => !/WebSocket|ERR_CONNECTION|Failed to load/.test(e));
    check('nothing is complained of in the console', own.length === 0, own.join('; '));
} catch (e) {
    check('the story is told to its end', false, e.message.split('\n')[0]);
} finally {
    await browser.close();
    await stop(server);
}
finish();
