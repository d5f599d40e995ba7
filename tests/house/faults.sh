#!/bin/sh
# Every sentence that fault.def names is one that some answer really says: its pieces stand in the sources.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v python3 >/dev/null || { echo "skipped: python3 is not installed"; exit 77; }
python3 - "$root" <<'PY'
import pathlib, re, sys
root = pathlib.Path(sys.argv[1])
said = ''
for f in sorted(root.glob('src/**/*')):
    if f.suffix in ('.c', '.h') or f.name == 'item.def':
        said += re.sub(r'"\s*"', '', f.read_text())
rows = re.findall(r'^FAULT\((\w+),\s*"(.*)"\)$', (root / 'src/serve/fault.def').read_text(), re.M)
pieces = [(n, p.removeprefix("'").strip()) for n, s in rows for p in s.split('*')]
wrong = [(n, p) for n, p in pieces if len(p) > 4 and p not in said]
for n, p in wrong:
    print(f'no answer says what fault.def calls {n}: "{p}"')
words = (root / 'web/src/words/en/faults.ts').read_text()
missing = sorted({n for n, _ in rows if f"'fault.{n}'" not in words})
for n in missing:
    print(f'the page has no words for the fault {n}')
print(f'{len(rows)} sentences looked for')
sys.exit(1 if wrong or missing or len(rows) < 40 else 0)
PY
