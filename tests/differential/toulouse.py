"""Compares `masar decode` with the answers a recording of frames carries: toulouse.py MASAR RECORDING.jsonl.gz"""
import collections
import gzip
import json
import math
import subprocess
import sys

masar, recording = sys.argv[1:3]
with gzip.open(recording, "rt") as f:
    answers = [json.loads(line) for line in f]
start = answers[0]["timestamp"]
lines = "".join("@%012X%s;\n" % (int((a["timestamp"] - start) * 12e6) + 1, a["frame"]) for a in answers)
run = subprocess.run([masar, "decode", "--in", "avr:file=-"], input=lines, capture_output=True, text=True)
if run.returncode:
    sys.exit("masar decode: " + run.stderr)
ours = [json.loads(line) for line in run.stdout.splitlines()]

# (their key, our key, most they may differ, comparison)
plain = [("altitude", "alt_baro", 0), ("groundspeed", "gs", 0.0051), ("track", "track", 0.0051), ("vertical_rate", "baro_rate|geom_rate", 0),
         ("callsign", "flight", None), ("squawk", "squawk", None), ("NACv", "nac_v", 0), ("geo_minus_baro", "geom_minus_baro", 0),
         ("NACp", "nac_p", 0), ("barometric_setting", "nav_qnh", 0.051), ("NICb", "nic_b", 0)]


def meters(a, b, c, d):
    x = math.radians((d - b + 180) % 360 - 180) * math.cos(math.radians(a))
    return 6371008.8 * math.hypot(math.radians(c - a), x)


def pick(mine, keys):
    return next((mine[k] for k in keys.split("|") if k in mine), None)


def explained(theirs, mine, key):
    """Differences that docs/DIFFERENCES.md lists, by its headings."""
    if key == "groundspeed" and theirs["bds"] == "06":
        return "movement codes 13 to 38 step by 0.5 kt"
    if key in ("altitude", "squawk") and mine.get("dr", 0) not in (0, 1, 4, 5):
        return "reply with a reserved downlink request"
    if key == "altitude" and theirs[key] == 0:
        ours = mine.get("alt_baro")
        if isinstance(ours, (int, float)) and ours < 0:
            return "altitude below 0"
        if ours is None or ours == "ground":
            return "altitude not available"
    if key == "altitude" and int(theirs["frame"][6:8], 16) & 0x40:
        return "altitude in meters"
    if key == "callsign" and "#" in theirs[key] and "flight" not in mine:
        return "call sign with undefined characters"
    return None


differs, listed, counts = collections.Counter(), collections.Counter(), collections.defaultdict(collections.Counter)
examples = {}
far = 0.0
if len(ours) != len(answers):
    sys.exit("%d frames given, %d printed" % (len(answers), len(ours)))
for theirs, mine in zip(answers, ours):
    here = counts[theirs["icao24"]]
    here["frames"] += 1
    if mine["frame"] != theirs["frame"] or mine["icao24"] != theirs["icao24"] or mine["df"] != int(theirs["df"]):
        differs["frame, address or format"] += 1
        continue
    if "bds" in theirs and mine.get("bds") != theirs["bds"]:
        differs["register"] += 1
    for key, own, most in plain:
        if theirs.get(key) is None:
            continue
        value = pick(mine, own)
        here[key] += 1
        if isinstance(value, str) and key == "callsign":
            value = value.strip()
        same = value == theirs[key].strip() if most is None else isinstance(value, (int, float)) and abs(value - theirs[key]) <= most
        if key == "track" and isinstance(value, (int, float)):
            same = abs((value - theirs[key] + 180) % 360 - 180) <= most
        if not same:
            why = explained(theirs, mine, key)
            (listed if why else differs)[why or key] += 1
            here["%s %s" % (key, "listed" if why else "differs")] += 1
            examples.setdefault(why or key, (theirs["frame"], theirs[key], value))
    if theirs.get("latitude") is not None:
        here["positions"] += 1
        if "lat" not in mine:
            here["no position"] += 1
        else:
            d = meters(theirs["latitude"], theirs["longitude"], mine["lat"], mine["lon"])
            far = max(far, d)
            if d > 10:
                here["position differs"] += 1
                differs["position over 10 m"] += 1
                examples.setdefault("position over 10 m", (theirs["frame"], (theirs["latitude"], theirs["longitude"]), (mine["lat"], mine["lon"])))

for address, c in sorted(counts.items(), key=lambda x: -x[1]["frames"]):
    print(address, ", ".join("%s %d" % x for x in c.items()))
print("farthest position apart: %.2f m" % far)
for name, c in (("listed", listed), ("NOT LISTED", differs)):
    for why, n in c.items():
        print("%s: %s: %d, for example %s" % (name, why, n, examples.get(why)))
missing = sum(c["no position"] for c in counts.values())
print("%d frames, %d differences not listed, %d positions they give and we do not" % (len(ours), sum(differs.values()), missing))
sys.exit(1 if differs else 0)
