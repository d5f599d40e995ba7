// The board of an air service in a real browser, in three languages: relief.mjs MASAR ROOT STORE. What it shows is what arrives, by
// destination, people and metric tons, for civil flights.
import { join } from 'node:path';
import { check, finish, freePort, openBrowser, shown, startMasar, stop, until } from './browser.mjs';

const [masar, root, store] = process.argv.slice(2);
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const server = await startMasar(masar, ['serve', '--store', store, '--http', `127.0.0.1:${port}`, '--web', join(root, 'web/dist')], port);
const browser = await openBrowser(root, origin, /favicon/, { viewport: { width: 1280, height: 900 } });
try {
    const said = {
    en: ['Air service, Niger', 'arrivals a day needed', 'Arrivals a day', 'All that must arrive, people'],
    fr: ['Service aérien, Niger', 'arrivées par jour nécessaires', 'Arrivées par jour', 'Tout ce qui doit arriver'],
    ar: ['خدمة جوية، النيجر', 'عمليات وصول مطلوبة يومياً', 'عمليات الوصول في اليوم', 'كل ما يجب أن يصل'],
};
for (const [lang, words] of Object.entries(said)) {
        const page = await browser.context.newPage();
        await page.goto(`${origin}/?lang=${lang}#page=operation&name=air`);
        check(`${lang}: its charts stand`, await shown(page, '.charts svg', 60000));
        for (const word of [...words, 'UNO', 'DRZA', 'DFFD', 'NE-1']) {
            check(`${lang}: ${word} is on it`, await until(page, (w) => document.body.textContent.includes(w), word));
        }
        if (process.env.MASAR_SHOTS) await page.screenshot({ path: join(process.env.MASAR_SHOTS, `relief_${lang}.png`), fullPage: true });
        await page.close();
    }
    check('nothing was wrong', browser.errors.length === 0, browser.errors.join('\n'));
    check('nothing was asked of others', browser.foreign.length === 0, browser.foreign.join('\n'));
} finally {
    await browser.close();
    await stop(server);
}
finish();
