"""Whether standard input is an Atom feed by RFC 4287, and reads as one: watch_feed.py ENTRIES-AT-LEAST"""
import datetime
import re
import sys
import uuid
import xml.etree.ElementTree as tree

atom, least, text = "{http://www.w3.org/2005/Atom}", int(sys.argv[1]), sys.stdin.buffer.read()
feed = tree.fromstring(text)
assert feed.tag == atom + "feed"


def one(parent, name):
    found = parent.findall(atom + name)
    assert len(found) == 1, f"{len(found)} of {name} in {parent.tag}"
    return found[0].text


def stamp(value):
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value), value
    return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))


def identity(value):
    assert value.startswith("urn:uuid:") and str(uuid.UUID(value[9:])) == value[9:], value
    return value


identity(one(feed, "id")), one(feed, "title"), stamp(one(feed, "updated"))
assert feed.find(atom + "author").findtext(atom + "name")
assert [link.get("href") for link in feed.findall(atom + "link") if link.get("rel") == "self"]
entries = feed.findall(atom + "entry")
assert len(entries) >= least, f"{len(entries)} entries"
ids = [identity(one(e, "id")) for e in entries]
assert len(set(ids)) == len(ids), "an id stands twice"
for e in entries:
    assert one(e, "title").strip() and stamp(one(e, "updated")) <= stamp(one(feed, "updated"))
    content = e.find(atom + "content")
    assert content.get("type") == "html" and content.text.startswith("<p"), content.text
    assert all(c.get("term") for c in e.findall(atom + "category"))
    assert e.get("{http://www.w3.org/XML/1998/namespace}lang") in ("en", "ar", "fr")
assert [one(e, "updated") for e in entries] == sorted([one(e, "updated") for e in entries], reverse=True)
try:
    import feedparser
except ImportError:
    print("no feed reader read it: python3-feedparser is not here")
else:
    read = feedparser.parse(text)
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10" and [e.id for e in read.entries] == ids
print(f"a feed of {len(entries)} entries")
