#!/usr/bin/env bash
# What is written of rules is so: every example of docs/WATCHES.md and of the man page is taken by masar watch check, and every word
# of the language and every action stands where it should.
set -u
masar=$1
command -v python3 >/dev/null || { echo "skipped: python3 is not here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! "$masar" watch check military >"$work/out" 2>&1; then
    grep -q 'no file of airports' "$work/out" && { echo "skipped: there are no airports: script/setup makes them"; exit 77; }
    cat "$work/out"; exit 1
fi
mkdir "$work/s"
echo 'icao24,label' >"$work/list.csv"
"$masar" watch area NAME circle=13.5,2.2,50km --store "$work/s" || exit 1
"$masar" watch list-file NAME "$work/list.csv" --store "$work/s" >/dev/null || exit 1
"$masar" operation new NAME --store "$work/s" --from scenarios/niamey-2024/relief >"$work/out" || { cat "$work/out"; exit 1; }
python3 - "$masar" "$work/s" <<'END'
import pathlib, re, subprocess, sys
masar, store = sys.argv[1:]
doc, man = pathlib.Path("docs/WATCHES.md").read_text(), pathlib.Path("docs/masar.1").read_text()
words = re.findall(r'^WATCH_(?:WHO|STATE|EVENT)\(\w+,\s*"(\w+)"', pathlib.Path("src/watch/word.def").read_text(), re.M)
assert len(words) > 30, words
failed = []


def check(rule):
    r = subprocess.run([masar, "watch", "check", rule, "--store", store], capture_output=True, text=True)
    return "" if r.returncode == 0 else r.stderr.strip()


# Examples: in the tables of the language the first cell of a row, elsewhere what follows --rule, watch test or check.
language = doc[doc.index("## The language"):doc.index("## When it is told")]
cells = [line.split("|")[1] for line in language.splitlines() if line.startswith("| `")]
rules = [r for c in cells for r in re.findall(r"`([^`]+)`", c)] + re.findall(r"`((?:inbound|clearance|country NE)[^`]*)`", language)
rules += re.findall(r"--rule '([^']+)'", doc) + re.findall(r"watch test '([^']+)'", doc) + re.findall(r"asks `([^`]+)`", doc)
rules += [r.replace("\\&", "") for r in re.findall(r"^\.Ql (.+?) ?\.?$", man[man.index(".It Cm watch"):man.index(".It Cm operation")], re.M)]
rules = [r.strip() for r in dict.fromkeys(rules) if "..." not in r and "\u2026" not in r]
for rule in rules:
    why = check(rule)
    if "true of too many" in why:  # a state says beside it who
        why = check("military and " + rule)
    if why:
        failed.append(f"{rule}: {why}")
for slip in re.findall(r"masar watch check '([^']+)'", doc):
    if not check(slip):
        failed.append(f"{slip}: is taken")
for name, text in [("docs/WATCHES.md", doc), ("docs/masar.1", man)]:
    failed += [f"{name} says nothing of {w}" for w in words if not re.search(rf"\b{w}\b", text)]
actions = re.findall(r'\{"([a-z-]+)",\s*watch_', pathlib.Path("src/app/cmd_watch.c").read_text())
shown = subprocess.run([masar, "watch", "--help"], capture_output=True, text=True).stdout
assert len(actions) > 10, actions
for a in actions:
    failed += [f"{name} says nothing of {a}" for name, text in [("docs/masar.1", man), ("--help", shown)] if not re.search(rf"(?<![a-z]){a}(?![a-z])", text)]
print(*failed, sep="\n")
print(f"{len(rules)} examples, {len(words)} words, {len(actions)} actions")
sys.exit(1 if failed or len(rules) < 30 else 0)
END
