// Changing an operation: what is kept of each kind, a form for one item, and every change made so far. A sentence of
// the server stands at the field it is about; of two editors the second is told who was faster, and nothing is half-saved.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useCell } from '../../cell';
import { ask, useAsk } from '../../data/ask';
import { Refusal } from '../../data/fault';
import { author, post, refused, setAuthor, token } from '../../data/post';
import { dateAndTime, grouped } from '../../format';
import { goToPage, hrefOf, type Route } from '../../route';
import { say } from '../../share';
import { t } from '../../words';
import { Answer, Card, DataTable, Id } from '../../ui/parts';
import { TokenForm } from '../token';
import { changed, keyName, kindName, labelOf, normal, oneName, shownValue, SUMMARY, valuesOf, wordName, type Change, type Item, type Values, type Versioned } from './edit_model';
import { fieldsOf, isKind, KINDS, UNITS, type Field, type Kind } from './items';
import { unitName } from './charts';
import { epoch } from './model';

const EVERY_MS = 30_000;
const LONG = ['text', 'translation', 'note', 'reason', 'text_ar', 'text_fr'];

interface Wrong {
    field: string; // '' of none
    sentence: string;
}

const hrefTo = (name: string, kind: string, key?: string) => hrefOf('operation', { name, show: 'edit', kind, ...(key === undefined ? {} : key ? { key } : { add: '1' }) });
const path = (name: string, rest: string) => `api/v1/operations/${name}/${rest}`;

interface InputProps {
    kind: Kind;
    field: Field;
    value: string;
    wrong: string;
    take: (value: string) => void;
}

/* One field with its label, and beneath it what is wrong with it. */
function Input({ kind, field: f, value, wrong, take }: InputProps) {
    const id = useId();
    const state = { id, name: f.name, 'aria-invalid': wrong !== '', 'aria-describedby': wrong ? `${id}-wrong` : undefined, 'aria-required': f.needed };
    const label = <span>{labelOf(kind, f.name)}{f.needed && <span class="mut"> · {t('edit.needed')}</span>}</span>;
    const stop = (e: KeyboardEvent) => e.stopPropagation();
    const options = f.type === 'word' ? (f.words ?? []).map((w) => [w, wordName(w)]) : f.type === 'unit' ? UNITS.map((u) => [u, unitName(u)]) : null;
    const isProse = f.type === 'text';
    return (
        <label class={`fld${LONG.includes(f.name) ? ' long' : ''}${f.type === 'flag' ? ' flagfld' : ''}`} for={id}>
            {label}
            {f.type === 'flag' ? <input {...state} type="checkbox" checked={value === 'yes'} onChange={(e) => take(e.currentTarget.checked ? 'yes' : 'no')} />
                : options ? <select {...state} value={value} onChange={(e) => take(e.currentTarget.value)} onKeyDown={stop}><option value="">{t('edit.unsaid')}</option>{options.map(([v, text]) => <option key={v} value={v}>{text}</option>)}</select>
                : LONG.includes(f.name) ? <textarea {...state} rows={2} dir="auto" value={value} onInput={(e) => take(e.currentTarget.value)} onKeyDown={stop} />
                : <input {...state} type="text" dir={isProse ? 'auto' : 'ltr'} inputMode={f.type === 'number' ? 'decimal' : undefined} autocomplete="off" spellcheck={false} value={value} placeholder={f.example ?? ''} onInput={(e) => take(e.currentTarget.value)} onKeyDown={stop} />}
            {wrong && <small class="bad" id={`${id}-wrong`} role="alert">{wrong}</small>}
        </label>
    );
}

/* Somebody was faster: theirs beside mine, and the choice. */
function Conflict({ kind, theirs, mine, takeTheirs, keepMine }: { kind: Kind; theirs: Item; mine: Values; takeTheirs: () => void; keepMine: () => void }) {
    const mineItem = { ...theirs, ...mine } as Item;
    const rows = Object.keys(mine).filter((k) => valuesOf(kind, theirs)[k] !== mine[k]);
    return (
        <div class="conflictbox">
            <DataTable caption={t('edit.theirs')} rows={rows} rowKey={(k) => k} columns={[
                { key: 'field', head: t('edit.what'), cell: (k) => labelOf(kind, k) },
                { key: 'theirs', head: t('edit.theirs'), cell: (k) => <bdi>{shownValue(kind, k, theirs) || '–'}</bdi> },
                { key: 'mine', head: t('edit.mine'), cell: (k) => <bdi>{shownValue(kind, k, mineItem) || '–'}</bdi> },
            ]} />
            <p class="row wrap"><button type="button" class="btn" onClick={takeTheirs}>{t('edit.takeTheirs')}</button><button type="button" class="btn" onClick={keepMine}>{t('edit.keepMine')}</button></p>
        </div>
    );
}

interface FormProps {
    name: string;
    kind: Kind;
    first: Versioned | undefined; // undefined: a new one
    newKey: string;
    leave: (saved: boolean) => void;
}

function useWrong() {
    const [wrong, set] = useState<Wrong | null>(null);
    const form = useRef<HTMLFormElement>(null);
    useEffect(() => {
        if (!wrong) return;
        const at = wrong.field ? (form.current?.elements.namedItem(wrong.field) as HTMLElement | null) : null;
        (at ?? form.current?.querySelector<HTMLElement>('[data-wrong]'))?.focus();
    }, [wrong]);
    return { wrong, set, form };
}

function ItemForm({ name, kind, first, newKey, leave }: FormProps) {
    const [base, setBase] = useState(first);
    const [was, setWas] = useState(() => valuesOf(kind, first?.item));
    const [values, setValues] = useState(was);
    const [key, setKey] = useState(first?.item.key ?? newKey);
    const [reason, setReason] = useState('');
    const [theirs, setTheirs] = useState<Versioned | null>(null);
    const [isSure, setSure] = useState(false);
    const [isBusy, setBusy] = useState(false);
    const { wrong, set: setWrong, form } = useWrong();
    const whose = useCell(author);
    const fields = fieldsOf(kind);
    const at = (f: string) => (wrong?.field === f ? wrong.sentence : '');
    const normals = () => Object.fromEntries(fields.map((f) => [f.name, normal(f, values[f.name] ?? '')]));

    const refuse = async (e: unknown) => {
        const r = e instanceof Refusal ? e : null;
        const field = r?.fault.field ?? '';
        const known = ['key', 'author', 'reason', ...fields.map((f) => f.name)].includes(field);
        if (r?.status === 409 && r.fault.code === 'changed') {
            const all = await ask<Versioned[]>(path(name, `items-${kind}`)).catch(() => []);
            setTheirs(all.find((v) => v.item.key === key.trim()) ?? null);
        }
        setWrong({ field: known ? field : '', sentence: (e as Error).message });
    };
    const send = async (body: object, version: number, done: string) => {
        setBusy(true);
        setWrong(null); // what was wrong with the last try says nothing of this one
        try {
            await post(path(name, kind), { author: author.get(), key: key.trim(), version, reason: (kind === 'correction' ? values.reason : reason).trim(), ...body });
            say(done);
            leave(true);
        } catch (e) {
            await refuse(e);
        } finally {
            setBusy(false);
        }
    };
    const save = (version = base?.version ?? 0) => send({ fields: changed(was, normals()) }, version, t('edit.saved', key.trim()));
    const takeTheirs = () => {
        setBase(theirs ?? undefined);
        setWas(valuesOf(kind, theirs?.item));
        setValues(valuesOf(kind, theirs?.item));
        setTheirs(null);
        setWrong(null);
    };
    const keepMine = () => {
        setBase(theirs ?? undefined);
        setTheirs(null);
        void save(theirs?.version ?? 0);
    };
    return (
        <Card wide title={base ? <>{oneName(kind)} <Id>{base.item.key}</Id></> : t('edit.addOne', oneName(kind))}>
            <form class="editform" ref={form} aria-busy={isBusy} noValidate onSubmit={(e) => { e.preventDefault(); void save(); }}>
                <div class="formgrid">
                    {!first && (
                        <label class="fld"><span>{keyName(kind)}<span class="mut"> · {t('edit.needed')}</span></span>
                            <input name="key" type="text" dir="ltr" autocomplete="off" spellcheck={false} value={key} aria-invalid={at('key') !== ''} aria-describedby={at('key') ? 'key-wrong' : undefined} onInput={(e) => setKey(e.currentTarget.value)} onKeyDown={(e) => e.stopPropagation()} />
                            {at('key') && <small class="bad" id="key-wrong" role="alert">{at('key')}</small>}
                        </label>
                    )}
                    {fields.map((f) => <Input key={f.name} kind={kind} field={f} value={values[f.name] ?? ''} wrong={at(f.name)} take={(v) => setValues((all) => ({ ...all, [f.name]: v }))} />)}
                </div>
                <div class="formgrid whose">
                    <label class="fld"><span>{t('edit.author')} <span class="mut">· {t('edit.authorNote')}</span></span>
                        <input name="author" type="text" dir="auto" autocomplete="name" value={whose} aria-invalid={at('author') !== ''} aria-describedby={at('author') ? 'author-wrong' : undefined} onInput={(e) => setAuthor(e.currentTarget.value)} onKeyDown={(e) => e.stopPropagation()} />
                        {at('author') && <small class="bad" id="author-wrong" role="alert">{at('author')}</small>}
                    </label>
                    {kind !== 'correction' && (
                        <label class="fld"><span>{t('edit.reason')} <span class="mut">· {t('edit.reasonNote')}</span></span>
                            <input name="reason" type="text" dir="auto" value={reason} onInput={(e) => setReason(e.currentTarget.value)} onKeyDown={(e) => e.stopPropagation()} />
                        </label>
                    )}
                </div>
                {wrong && !wrong.field && <p class="bad" role="alert" data-wrong tabIndex={-1}>{wrong.sentence} {t('edit.nothingSaved')}</p>}
                {theirs && <Conflict kind={kind} theirs={theirs.item} mine={changed(was, normals())} takeTheirs={takeTheirs} keepMine={keepMine} />}
                <p class="row wrap">
                    <button type="submit" class="btn primary" disabled={isBusy}>{t('edit.save')}</button>
                    <button type="button" class="btn" onClick={() => leave(false)}>{t('edit.leave')}</button>
                    {base && kind !== 'operation' && <button type="button" class="btn danger" disabled={isBusy} aria-label={isSure ? undefined : t('edit.removeOf', base.item.key)} onBlur={() => setSure(false)} onClick={() => (isSure ? void send({ remove: true }, base.version, t('edit.removed', base.item.key)) : setSure(true))}>{isSure ? t('edit.sure') : t('edit.remove')}</button>}
                </p>
            </form>
        </Card>
    );
}

function List({ name, kind, list, mayWrite }: { name: string; kind: Kind; list: Versioned[]; mayWrite: boolean }) {
    return (
        <Card wide title={kindName(kind)} acts={mayWrite && kind !== 'operation' && <a class="btn" href={hrefTo(name, kind, '')}>{t('edit.add')}<span class="sr-only">: {oneName(kind)}</span></a>}>
            <DataTable caption={kindName(kind)} rows={list} rowKey={(v) => v.item.key} empty={t('edit.none')} most={100} columns={[
                { key: 'key', head: keyName(kind), cell: (v: Versioned) => (mayWrite ? <a href={hrefTo(name, kind, v.item.key)} aria-label={t('edit.changeOf', v.item.key)}><Id>{v.item.key}</Id></a> : <Id>{v.item.key}</Id>), sortBy: (v: Versioned) => v.item.key },
                ...SUMMARY[kind].map((f) => ({ key: f, head: labelOf(kind, f), cell: (v: Versioned) => <span class="wrap"><bdi>{shownValue(kind, f, v.item) || '–'}</bdi></span>, sortBy: (v: Versioned) => { const x = v.item[f]; return typeof x === 'number' ? x : String(x ?? ''); } })),
                { key: 'version', head: t('edit.version'), isNumeric: true, cell: (v: Versioned) => <bdi class="mut">{grouped(v.version)}</bdi>, sortBy: (v: Versioned) => v.version },
            ]} />
        </Card>
    );
}

/* What a change changed, field by field. */
function Difference({ of: c }: { of: Change }) {
    const names = [...new Set([...Object.keys(c.before ?? {}), ...Object.keys(c.after ?? {})])].filter((k) => k !== 'key' && c.before?.[k] !== c.after?.[k]);
    if (!c.before || !c.after) {
        const item = (c.after ?? c.before) as Item;
        const shown = (isKind(c.kind) ? SUMMARY[c.kind] : names).map((k) => shownValue(c.kind, k, item)).filter(Boolean);
        return <span class="wrap"><b>{t(c.after ? 'edit.added' : 'edit.gone')}</b> {shown.map((s, i) => <>{i > 0 && ' · '}<bdi>{s}</bdi></>)}</span>;
    }
    const [before, after] = [c.before, c.after];
    return <ul class="differences wrap">{names.map((k) => <li key={k}><span class="mut">{labelOf(c.kind, k)}</span> <del><span class="sr-only">{t('edit.before')} </span><bdi>{shownValue(c.kind, k, before) || '–'}</bdi></del> <ins><span class="sr-only">{t('edit.after')} </span><bdi>{shownValue(c.kind, k, after) || '–'}</bdi></ins></li>)}</ul>;
}

function Log({ name, mayWrite, round, done }: { name: string; mayWrite: boolean; round: number; done: () => void }) {
    const question = useAsk<Change[]>(`${path(name, 'log')}?n=${round}`, EVERY_MS);
    const [wrong, setWrong] = useState('');
    const whose = useCell(author);
    const undo = async (c: Change) => {
        setWrong('');
        try {
            await post(path(name, 'undo'), { author: author.get(), change: c.change });
            say(t('edit.undone', c.change));
            done();
        } catch (e) {
            setWrong((e as Error).message);
            if (e instanceof Refusal && e.fault.field === 'author') document.getElementById('log-author')?.focus();
        }
    };
    const writer = mayWrite && <label class="fld inline"><span>{t('edit.author')}</span><input id="log-author" type="text" dir="auto" autocomplete="name" value={whose} aria-describedby={wrong ? 'log-wrong' : undefined} onInput={(e) => setAuthor(e.currentTarget.value)} onKeyDown={(e) => e.stopPropagation()} /></label>;
    return (
        <Card wide title={t('edit.log')} note={t('edit.about')} acts={writer}>
            {wrong && <p class="bad" role="alert" id="log-wrong">{wrong}</p>}
            <Answer of={question}>
                {(list) => (
                    <DataTable caption={t('edit.log')} rows={list} rowKey={(c) => String(c.change)} empty={t('edit.none')} most={30} columns={[
                        { key: 'change', head: t('edit.version'), isNumeric: true, cell: (c: Change) => <bdi>{grouped(c.change)}</bdi>, sortBy: (c: Change) => c.change },
                        { key: 'when', head: t('edit.when'), cell: (c: Change) => <bdi>{dateAndTime(epoch(c.at))}</bdi>, sortBy: (c: Change) => c.at },
                        { key: 'who', head: t('edit.who'), cell: (c: Change) => <bdi>{c.author}</bdi>, sortBy: (c: Change) => c.author },
                        { key: 'what', head: t('edit.what'), cell: (c: Change) => <>{oneName(c.kind)} <Id>{c.key}</Id></>, sortBy: (c: Change) => c.kind + c.key },
                        { key: 'says', head: t('edit.says'), cell: (c: Change) => <Difference of={c} /> },
                        { key: 'reason', head: t('edit.reason'), cell: (c: Change) => <span class="wrap"><bdi>{c.reason}</bdi>{c.undoes !== undefined && <span class="mut"> {t('edit.undoes', c.undoes)}</span>}</span> },
                        ...(mayWrite ? [{ key: 'undo', head: <span class="sr-only">{t('edit.undo')}</span>, cell: (c: Change) => <button type="button" class="btn" aria-label={t('edit.undoOf', c.change)} onClick={() => void undo(c)}>{t('edit.undo')}</button> }] : []),
                    ]} />
                )}
            </Answer>
        </Card>
    );
}

function Changes({ name, args, kind }: { name: string; args: Route['args']; kind: Kind }) {
    const [kept, isRefused] = [useCell(token), useCell(refused)];
    const mayWrite = kept !== '' && !isRefused;
    const [round, next] = useState(0);
    const question = useAsk<Versioned[]>(`${path(name, `items-${kind}`)}?n=${round}`);
    const isOpen = mayWrite && (args.key !== undefined || args.add === '1');
    const leave = (isSaved: boolean) => {
        if (isSaved) next((n) => n + 1);
        goToPage('operation', { name, show: 'edit', kind });
    };
    return (
        <>
            <TokenForm why={t('edit.readOnly')} />
            <nav class="kinds" aria-label={t('edit.kinds')}>{KINDS.map((k) => <a key={k} class={k === kind ? 'chip on' : 'chip'} aria-current={k === kind ? 'page' : undefined} href={hrefTo(name, k)}>{kindName(k)}</a>)}</nav>
            <div class="cards">
                <Answer of={question}>
                    {(list) => (
                        <>
                            {isOpen && <ItemForm key={`${kind}/${args.key ?? ''}`} name={name} kind={kind} first={list.find((v) => v.item.key === args.key)} newKey={args.key ?? ''} leave={leave} />}
                            <List name={name} kind={kind} list={list} mayWrite={mayWrite} />
                        </>
                    )}
                </Answer>
                <Log name={name} mayWrite={mayWrite} round={round} done={() => next((n) => n + 1)} />
            </div>
        </>
    );
}

export default function Edit({ name, args }: { name: string; args: Route['args'] }) {
    const kind: Kind = isKind(args.kind ?? '') ? (args.kind as Kind) : 'line';
    return <Changes key={kind} name={name} args={args} kind={kind} />;
}
