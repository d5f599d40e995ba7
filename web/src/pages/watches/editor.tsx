// The editor of a watch: its rule in words, checked as it is written, and tried on the last days before it
// is armed.
import { useEffect, useState } from 'preact/hooks';
import { ask, useAsk } from '../../data/ask';
import { faultText } from '../../data/fault';
import { post } from '../../data/post';
import { dateAndTime, grouped, percent } from '../../format';
import { readInstant, writeInstant } from '../../instant';
import { goToPage } from '../../route';
import { say } from '../../share';
import { LANGUAGES, language, t, tOr } from '../../words';
import { AirportRef, Card, Ltr } from '../../ui/parts';
import { Choice, TextField } from '../../ui/form';
import { AlertList } from './log';
import { conditionOf, epoch, isoAfter, withCondition, type Book, type Check, type Trial, type Watch, type Word } from './model';

const CHECK_MS = 250;
const TRY_MS = 700;
const DAYS = ['1', '7', '30'];
const EXAMPLES = ['class airlift_heavy and inbound DRRN p >= 0.7', 'military and orbits near DRZA 50 km', 'squawk 7500, 7600, 7700', 'military and dark for 30 min', 'both (operator RCH) and (country RU) at DRRN'];

function useCheck(rule: string): Check | null {
    const [check, set] = useState<Check | null>(null);
    useEffect(() => {
        set(null);
        if (!rule.trim()) return;
        const stop = new AbortController();
        const timer = setTimeout(() => {
            ask<Check>(`api/v1/watches/check?rule=${encodeURIComponent(rule)}`, stop.signal).then(set, () => undefined);
        }, CHECK_MS);
        return () => {
            stop.abort();
            clearTimeout(timer);
        };
    }, [rule]);
    return check;
}

type Tried = { state: 'none' | 'asking' } | { state: 'answered'; trial: Trial } | { state: 'failed'; why: string };

function useTrial(rule: string, isGood: boolean, now: string, days: number): Tried {
    const [tried, set] = useState<Tried>({ state: 'none' });
    useEffect(() => {
        if (!isGood || !now) {
            set({ state: 'none' });
            return;
        }
        const stop = new AbortController();
        set({ state: 'asking' });
        const timer = setTimeout(() => {
            ask<Trial>(`api/v1/watches/test?rule=${encodeURIComponent(rule)}&since=${isoAfter(now, -days * 86_400)}&until=${now}&notes=1&limit=50`, stop.signal)
                .then((trial) => set({ state: 'answered', trial }), (e: Error) => !stop.signal.aborted && set({ state: 'failed', why: e.message }));
        }, TRY_MS);
        return () => {
            stop.abort();
            clearTimeout(timer);
        };
    }, [rule, isGood, days, now.slice(0, 13)]);
    return tried;
}

function TrialView({ tried, days, setDays }: { tried: Tried; days: string; setDays: (d: string) => void }) {
    return (
        <Card title={t('watch.trial')} note={t('watch.trialNote')} acts={<select class="pick" aria-label={t('watch.days')} value={days} onChange={(e) => setDays(e.currentTarget.value)}>{DAYS.map((d) => <option key={d} value={d}>{t('watch.lastDays', Number(d))}</option>)}</select>}>
            <div class="trial" role="status" aria-live="polite">
                {tried.state === 'none' && <p class="mut">{t('watch.trialNone')}</p>}
                {tried.state === 'asking' && <p class="mut">{t('page.loading')}</p>}
                {tried.state === 'failed' && <p class="bad">{t('page.failed')} <bdi>{tried.why}</bdi></p>}
                {tried.state === 'answered' && <p class="st">{t('watch.counts', tried.trial.counts.alerts, tried.trial.counts.corrected)} <span class="mut sm">{!tried.trial.complete && t('watch.incomplete', dateAndTime(epoch(tried.trial.until)))}</span></p>}
            </div>
            {tried.state === 'answered' && (
                <>
                    {tried.trial.places.length > 0 && (
                        <ul class="list">{tried.trial.places.map((p) => <li key={p.code}><AirportRef code={p.code} /> {p.heard ? <span class="sec">{t('watch.heard')} <Ltr>{percent(p.heard_low ?? 0)}</Ltr>, <Ltr>{percent(p.heard_high ?? 0)}</Ltr></span> : <span class="warn">{t('watch.notHeard')}</span>}</li>)}</ul>
                    )}
                    <AlertList list={tried.trial.alerts} withName={false} />
                </>
            )}
        </Card>
    );
}

/* Conditions by name, for who does not write the language. */
function Builder({ words, add }: { words: Word[]; add: (condition: string) => void }) {
    const [word, setWord] = useState('inbound');
    const [value, setValue] = useState('');
    const [p, setP] = useState('0.7');
    const w = words.find((o) => o.word === word) ?? words[0];
    if (!w) return null;
    const text = (o: Word) => `${tOr(`watch.word.${o.word}`, o.text)} (\u2066${o.word}\u2069)`;
    const press = () => {
        add(conditionOf(w, value, p));
        setValue('');
    };
    return (
        <fieldset class="builder">
            <legend>{t('watch.addCondition')}</legend>
            <label class="fld"><span>{t('watch.condition')}</span>
                <select value={w.word} onChange={(e) => setWord(e.currentTarget.value)}>
                    {(['who', 'state', 'event'] as const).map((s) => <optgroup key={s} label={t(`watch.sort.${s}`)}>{words.filter((o) => o.sort === s).map((o) => <option key={o.word} value={o.word}>{text(o)}</option>)}</optgroup>)}
                </select>
            </label>
            {w.takes !== 'nothing' && <label class="fld"><span>{tOr(`watch.takes.${w.takes}`, t('watch.value'))}</span><input type="text" dir="ltr" autocomplete="off" spellcheck={false} value={value} onInput={(e) => setValue(e.currentTarget.value)} onKeyDown={(e) => { e.stopPropagation(); if (e.key === 'Enter') { e.preventDefault(); press(); } }} /></label>}
            {w.sort === 'event' && w.takes !== 'clearance' && <Choice label={t('watch.surely')} value={p} take={setP} options={['0.5', '0.7', '0.9', '0.95'].map((v) => ({ value: v, text: `≥ ${percent(Number(v))}` }))} />}
            <button type="button" class="btn" onClick={press}>{t('watch.add')}</button>
        </fieldset>
    );
}

function Complaint({ rule, check }: { rule: string; check: Check | null }) {
    if (!check || check.good) return null;
    return (
        <div class="complaint" id="rule-wrong" role="alert">
            <pre dir="ltr" aria-hidden="true">{rule.slice(Math.max(0, check.at - 30), check.at)}<mark>{rule.slice(check.at, check.at + 12) || ' '}</mark>{rule.slice(check.at + 12, check.at + 30)}</pre>
            <p class="sm">{t('watch.wrongAt', check.line, check.column)} <bdi>{faultText(400, { error: check.why, code: check.code, said: check.said })}</bdi></p>
        </div>
    );
}

export function Editor({ book, watch, first }: { book: Book; watch: Watch | undefined; first: string }) {
    const [rule, setRule] = useState(watch?.rule ?? first);
    const [name, setName] = useState(watch?.name ?? '');
    const [tongue, setTongue] = useState(watch?.language ?? language.get());
    const [to, setTo] = useState<string[]>(watch?.to ?? []);
    const [expires, setExpires] = useState(watch?.expires ? watch.expires.slice(0, 16).replace('T', ' ') : '');
    const [days, setDays] = useState('7');
    const [wrong, setWrong] = useState('');
    const check = useCheck(rule);
    const isGood = check?.good === true;
    const tried = useTrial(rule, isGood, book.now, Number(days));
    const words = useAsk<{ words: Word[] }>('api/v1/watches/words').asked.answer?.words ?? [];
    const end = expires.trim() ? readInstant(expires) : NaN;
    const save = async () => {
        setWrong('');
        if (expires.trim() && end !== end) {
            setWrong(t('time.badInstant'));
            return;
        }
        try {
            await post(watch ? `api/v1/watches/${watch.id}` : 'api/v1/watches', { name: name.trim(), rule, to, language: tongue, ...(end === end ? { expires: writeInstant(end) } : watch ? { expires: null } : {}) });
            say(t('watch.saved', name.trim()));
            goToPage('watches');
        } catch (e) {
            setWrong((e as Error).message);
        }
    };
    return (
        <div class="cards editor">
            <Card title={watch ? t('watch.change') : t('watch.new')}>
                <form class="watchform" onSubmit={(e) => { e.preventDefault(); void save(); }}>
                    <label class="fld"><span>{t('watch.name')}</span><input type="text" id="watch-name" required maxLength={60} value={name} dir="auto" onInput={(e) => setName(e.currentTarget.value)} onKeyDown={(e) => e.stopPropagation()} /></label>
                    <label class="fld"><span>{t('watch.rule')}</span><textarea id="watch-rule" rows={4} dir="ltr" lang="en" spellcheck={false} value={rule} aria-invalid={check?.good === false} aria-describedby={check?.good === false ? 'rule-wrong' : undefined} onInput={(e) => setRule(e.currentTarget.value)} onKeyDown={(e) => e.stopPropagation()} /></label>
                    <Complaint rule={rule} check={check} />
                    {!rule.trim() && <p class="chips">{EXAMPLES.map((x) => <button type="button" key={x} class="chip" dir="ltr" onClick={() => setRule(x)}>{x}</button>)}</p>}
                    <Builder words={words} add={(c) => setRule((r) => withCondition(r, c))} />
                    <div class="row wrap">
                        <Choice label={t('watch.language')} value={tongue} take={setTongue} options={Object.entries(LANGUAGES).map(([k, l]) => ({ value: k, text: l.name }))} />
                        <TextField label={t('watch.expires')} value={expires} take={setExpires} hint="2024-09-16 00:00" size={17} wrong={(v) => (readInstant(v) === readInstant(v) ? '' : t('time.badInstant'))} />
                    </div>
                    {book.receivers.length > 0 && (
                        <fieldset class="builder"><legend>{t('watch.to')}</legend>
                            {book.receivers.map((r) => <label class="check" key={r.name}><input type="checkbox" checked={to.includes(r.name)} onChange={() => setTo(to.includes(r.name) ? to.filter((o) => o !== r.name) : [...to, r.name])} /><span><bdi>{r.name}</bdi> <span class="mut sm">{r.kind}</span></span></label>)}
                        </fieldset>
                    )}
                    {wrong && <p class="bad" role="alert"><bdi>{wrong}</bdi></p>}
                    <p class="row wrap">
                        <button type="submit" class="btn primary" id="watch-save" disabled={!isGood || !name.trim()}>{t('watch.save')}</button>
                        <button type="button" class="btn" onClick={() => goToPage('watches')}>{t('watch.leave')}</button>
                        <span class="mut sm">{isGood && t('watch.good', grouped(check.steps))}</span>
                    </p>
                </form>
            </Card>
            <TrialView tried={tried} days={days} setDays={setDays} />
        </div>
    );
}
