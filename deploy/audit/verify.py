#!/usr/bin/env python3
"""Verifies an evidence pack of Countersign: python3 -I /elsewhere/verify.py --pack DIRECTORY (or the current directory).

Needs Python 3 and openssl, as they come with the system. Computes everything again from the leaves: the root of the tree and its signed
checkpoint, the proof of each entry, the values and their salts, the hash of every file, the tables, and the numbers of each control. Says
the first thing that is wrong, and ends with 2; with 0 when all of it is as it was sealed, with 1 when it could not be verified, or not be
compared with a checkpoint that was given. Also with 2 when a checkpoint is of what a gap lost, until --accept-gap names that gap. The
program, the key and the checkpoints come from elsewhere: whoever changed the pack could have changed those that lie in it, too.
"""
import os
import sys

# No module is taken from where this file lies, or from the current directory: that may be the pack.
sys.path[:] = [one for one in sys.path if one and os.path.realpath(one) not in
               (os.path.realpath(os.getcwd()), os.path.dirname(os.path.realpath(__file__)), os.path.dirname(os.path.abspath(__file__)))]

import argparse
import base64
import hashlib
import json
import re
import subprocess
import tempfile
import unicodedata

HASH = 32
# Origin, size, root, whatever a later version adds, and signatures.
CHECKPOINT = re.compile(r"[^\n]+\n(0|[1-9]\d{0,14})\n[A-Za-z0-9+/]{43}=\n(?:[^\n]+\n)*\n(?:\u2014 [^\n]+\n)+\Z")
# Times are compared as texts.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
# How openssl wraps an Ed25519 key.
PUBLIC = bytes.fromhex("302a300506032b6570032100")
# Of reports/definitions.json: a pack does not choose what is asked of it. Another version of Countersign may have others.
DEFINITIONS = "9ac737fbcc8d3ed74ba4d206c3df90f55dfe6c0087f824f7fc8b430940a51d62"
# Exit codes.
WRONG, NOT_VERIFIED, SOUND = 2, 1, 0


class Wrong(Exception):
    pass


class Unusable(Exception):
    """What the auditor gave cannot be used, which says nothing about the pack."""


class Options(argparse.ArgumentParser):
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(NOT_VERIFIED, "%s: %s\n" % (self.prog, message))


def main():
    options = Options(description=__doc__.split("\n")[0], allow_abbrev=False)
    options.add_argument("--pack", default=".", help="the directory of the pack")
    options.add_argument("--key", help="the verifier key, as it was kept elsewhere")
    options.add_argument("--checkpoint", action="append", default=[], help="a checkpoint that was kept elsewhere; can be given several times")
    options.add_argument("--accept-gap", action="append", default=[], type=int, metavar="INDEX",
                         help="what was lost in the gap at this index is known; can be given several times. "
                              "Without it, a checkpoint of what was lost is a finding")
    options.add_argument("--signed", help="write signed.txt and signature.bin for openssl into this directory")
    asked = options.parse_args()
    # Named from where the auditor stands, not from inside the pack.
    asked.checkpoint = [os.path.abspath(one) for one in asked.checkpoint]
    asked.signed = asked.signed and os.path.abspath(asked.signed)
    try:
        keepers = {name: given_checkpoint(name) for name in asked.checkpoint}
        key = asked.key and given_key(asked.key.strip())
        enter(asked.pack)
        code = verify(asked, key, keepers)
    except Wrong as wrong:
        print("WRONG: %s" % wrong)
        return WRONG
    except Unusable as fault:
        print("COULD NOT BE VERIFIED: %s" % fault)
        return NOT_VERIFIED
    except (OSError, ValueError, KeyError, IndexError, TypeError) as fault:
        print("COULD NOT BE VERIFIED: %s: %s" % (type(fault).__name__, fault))
        return WRONG if not isinstance(fault, FileNotFoundError) or fault.filename != "openssl" else NOT_VERIFIED
    print("%s that was verified is as it was sealed." % ("Everything" if code == SOUND else "Everything else"))
    return code


def given_checkpoint(name):
    """Its text. Who signed it, and for what, is looked at when the keys of the pack are known."""
    try:
        text = read(name).decode()
    except (OSError, ValueError) as fault:
        raise Unusable("%s cannot be read: %s" % (name, fault))
    if not CHECKPOINT.match(text):
        raise Unusable("%s is no checkpoint: give the file as \"countersign audit checkpoint\" wrote it" % name)
    return text


def given_key(text):
    try:
        return verifier_key(text)
    except (Wrong, ValueError, IndexError) as fault:
        raise Unusable("what was given as --key is no verifier key: %s" % fault)


def enter(folder):
    try:
        os.chdir(folder)
    except OSError as fault:
        raise Unusable("the pack cannot be opened: %s" % fault)


def verify(asked, given, keepers):
    """The exit code. What is wrong with the pack is thrown, as soon as it is found."""
    manifest = json.loads(read("manifest.json"))
    files(manifest)
    key = verifier_key(read("keys/ledger.txt").decode().strip())
    names = [verifier_key(line) for line in read("keys/ledger-names.txt").decode().splitlines()]
    if not names or names[-1] != key or any(one["public"] != key["public"] for one in names):
        raise Wrong("keys/ledger-names.txt does not end with the key of keys/ledger.txt, or has another one")
    if read("keys/ledger.pem").decode() != pem(key):
        raise Wrong("keys/ledger.pem is another key than keys/ledger.txt")
    if given and given not in names:
        raise Wrong("keys/ledger.txt is another key than the one that was given")
    head = checkpoint(read("log/checkpoint").decode(), key, "log/checkpoint")
    if head["size"] != manifest["tree_size"] or head["origin"] != manifest["origin"]:
        raise Wrong("manifest.json names another tree than log/checkpoint")
    if asked.signed:
        write_signed(asked.signed, head)
    pack = leaves(manifest)
    pack["names"] = names
    # The roots that the tree had at the sizes that are asked for, as far as the pack shows them.
    head["roots"] = {int(text.split("\n")[1]): None for text in keepers.values()}
    pack["gaps"] = gaps(manifest, pack, head)
    tree(manifest, pack, head)
    neighbours(manifest, pack, head)
    proofs(pack, head, manifest)
    came = [kept(name, text, pack, head) for name, text in keepers.items()]
    values(pack, manifest)
    if sha256("reports/definitions.json") != DEFINITIONS:
        raise Wrong("reports/definitions.json is not the one that this verify.py knows: it was changed, or another version made the pack "
                    "(it says %s; take verify.py from that release)" % manifest["version"])
    tables(manifest, pack)
    controls(manifest, pack)
    unverified()
    if not keepers:
        print("Note: no checkpoint that was kept elsewhere was given (--checkpoint).")
    return judged(came, asked.accept_gap, manifest, head)


def judged(came, accepted, manifest, head):
    """The exit code of what came of the checkpoints that were kept elsewhere."""
    lost = sorted({at for what, at in came if what == "lost" and at not in accepted})
    for at in lost:
        print("LOST: what was recorded is lost, in the gap at index %d. Whoever owns the database and the key can write such an entry, too: "
              "ask the two people whom it names. If they did this, give --accept-gap %d." % (at, at))
    if any(what == "not compared" for what, _ in came):
        print("NOT COMPARED: this pack has the entries %d to %d of a tree of %d. Give a checkpoint from inside the period, take a pack whose "
              "period has its size, or verify the ledger itself (\"countersign audit verify\")."
              % (manifest["from"], manifest["to"] - 1, head["size"]))
        return WRONG if lost else NOT_VERIFIED
    return WRONG if lost else SOUND


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


# ---- the files are those that are listed ----

def files(manifest):
    if manifest["sums"]["file"] != "SHA256SUMS" or sha256("SHA256SUMS") != manifest["sums"]["sha256"]:
        raise Wrong("SHA256SUMS is not the list that manifest.json names")
    listed = {"SHA256SUMS", "manifest.json"}
    for line in read("SHA256SUMS").decode().splitlines():
        expected, path = line.split("  ", 1)
        if path.startswith("/") or ".." in path.split("/") or path in listed:
            raise Wrong("SHA256SUMS lists %s, which is no file of a pack, or lists it twice" % path)
        listed.add(path)
        if not os.path.isfile(path):
            raise Wrong("%s is missing" % path)
        if sha256(path) != expected:
            raise Wrong("%s was changed: its hash is not the one of the manifest" % path)
    for folder, _, names in os.walk("."):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), ".").replace(os.sep, "/")
            if path not in listed:
                raise Wrong("%s is in the pack and not in its manifest" % path)
    say("%d files are those of the manifest" % (len(listed) - 2))


# ---- the tree (RFC 6962) ----

def leaf_hash(leaf):
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The whole subtrees that a tree is made of, the largest first."""

    def __init__(self, subtrees=()):
        self.subtrees = list(subtrees)

    def add(self, hashed):
        leaves = 1
        while self.subtrees and self.subtrees[-1][0] == leaves:
            leaves, hashed = leaves * 2, node_hash(self.subtrees.pop()[1], hashed)
        self.subtrees.append((leaves, hashed))

    def size(self):
        return sum(leaves for leaves, _ in self.subtrees)

    def root(self):
        if not self.subtrees:
            return hashlib.sha256(b"").digest()
        root = self.subtrees[-1][1]
        for _, left in reversed(self.subtrees[:-1]):
            root = node_hash(left, root)
        return root


def included(index, hashed, size, path):
    """RFC 9162, 2.1.3.2: the root that the path leads to, or None."""
    node, last = index, size - 1
    for beside in path:
        if last == 0:
            return None
        if node % 2 == 1 or node == last:
            hashed = node_hash(beside, hashed)
            while node % 2 == 0 and node > 0:
                node, last = node // 2, last // 2
        else:
            hashed = node_hash(hashed, beside)
        node, last = node // 2, last // 2
    return hashed if last == 0 else None


def before(index, size, path):
    """The tree of the leaves before this one, which is part of its proof: the hashes on the left are those of its whole subtrees."""
    node, last, hashes = index, size - 1, []
    for beside in path:
        if node % 2 == 1 or node == last:
            hashes.append(beside)
            while node % 2 == 0 and node > 0:
                node, last = node // 2, last // 2
        node, last = node // 2, last // 2
    leaves = [1 << bit for bit in range(index.bit_length()) if index >> bit & 1]
    return Tree(reversed(list(zip(leaves, hashes))))


def learn(head, grown):
    """Keeps the root of a tree of this size, if it is asked for. All of them are parts of the tree that was signed."""
    if grown.size() in head["roots"]:
        head["roots"][grown.size()] = grown.root()


def consistent(size, root, newer, path):
    """RFC 9162, 2.1.4.2."""
    if size > newer["size"]:
        return False
    if size == newer["size"]:
        return not path and root == newer["root"]
    if size == 0:
        return not path
    node, last = size - 1, newer["size"] - 1
    while node % 2 == 1:
        node, last = node // 2, last // 2
    path = list(path) if node else [root] + list(path)
    if not path:
        return False
    older, now = path[0], path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if node % 2 == 1 or node == last:
            older, now = node_hash(beside, older), node_hash(beside, now)
            while node % 2 == 0 and node > 0:
                node, last = node // 2, last // 2
        else:
            now = node_hash(now, beside)
        node, last = node // 2, last // 2
    return last == 0 and older == root and now == newer["root"]


# ---- checkpoints (c2sp.org/tlog-checkpoint) ----

def verifier_key(text):
    name, key_id, key = text.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    if len(raw) != 1 + HASH or raw[0] != 1:
        raise Wrong("the verifier key is none of Ed25519")
    if hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id:
        raise Wrong("the id of the verifier key is not that of its key")
    return {"name": name, "id": bytes.fromhex(key_id), "public": raw[1:]}


def pem(key):
    return "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(PUBLIC + key["public"]).decode()


def checkpoint(text, key, name):
    body, _, signatures = text.partition("\n\n")
    origin, size, root = body.split("\n")[:3]
    if origin != key["name"]:
        raise Wrong("%s is of another ledger: %s" % (name, origin))
    signature = None
    for line in signatures.splitlines():
        _, signer, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if signer == key["name"] and raw[:4] == key["id"]:
            signature = raw[4:]
    signed = (body + "\n").encode()
    if signature is None or not openssl(signed, signature, key["public"]):
        raise Wrong("%s was not signed with the key of keys/ledger.txt" % name)
    return {"origin": origin, "size": int(size), "root": base64.b64decode(root), "text": text,
            "signed": signed, "signature": signature}


def openssl(signed, signature, public):
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("signed", "signature", "key")]
        der = PUBLIC + public
        for name, raw in zip(names, (signed, signature, der)):
            with open(name, "wb") as file:
                file.write(raw)
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", names[2], "-rawin",
             "-in", names[0], "-sigfile", names[1]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return done.returncode == 0


def write_signed(folder, head):
    os.makedirs(folder, exist_ok=True)
    for name, raw in (("signed.txt", head["signed"]), ("signature.bin", head["signature"])):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(raw)


# ---- the leaves ----

def leaves(manifest):
    """Where each leaf stands, by index and by request: entries are read again when they are needed."""
    pack = {"at": {}, "within": [], "earlier": [], "requests": {}, "hashes": {}}
    for name, which in (("earlier.ndjson", "earlier"), ("entries.ndjson", "within")):
        last, offset = -1, 0
        with open(name, "rb") as file:
            for raw in file:
                entry = json.loads(raw)
                index = entry["seq"]
                if index <= last:
                    raise Wrong("%s is not in the order of the indexes at %d" % (name, index))
                if which == "earlier" and index >= manifest["from"]:
                    raise Wrong("earlier.ndjson has the index %d, which is in the period" % index)
                if which == "within" and not manifest["from"] <= index < manifest["to"]:
                    raise Wrong("entries.ndjson has the index %d, which is not in the period" % index)
                pack["at"][index] = (name, offset)
                pack["hashes"][index] = leaf_hash(raw.rstrip(b"\n"))
                pack[which].append(index)
                if entry["request"] is not None:
                    group = pack["requests"].setdefault(entry["request"], {"all": [], "first": None})
                    group["all"].append(index)
                    if which == "within" and group["first"] is None:
                        group["first"] = index
                last, offset = index, offset + len(raw)
    if len(pack["within"]) != manifest["entries"] or len(pack["earlier"]) != manifest["earlier"]:
        raise Wrong("the pack has another number of entries than its manifest says")
    return pack


def entry_at(pack, index):
    name, offset = pack["at"][index]
    handle = pack.setdefault("open " + name, None) or open(name, "rb")
    pack["open " + name] = handle
    handle.seek(offset)
    return json.loads(handle.readline())


def tree(manifest, pack, head):
    kept = json.loads(read("log/tree.json"))
    if (kept["from"], kept["to"]) != (manifest["from"], manifest["to"]):
        raise Wrong("log/tree.json is about another range than manifest.json")
    started = Tree((one["leaves"], base64.b64decode(one["hash"])) for one in kept["start"]["subtrees"])
    if started.size() != manifest["from"] or started.root() != base64.b64decode(kept["start"]["root"]):
        raise Wrong("the tree before the period does not have the root that log/tree.json names")
    if manifest["about"] is not None:
        say("a part (%s): each entry is proved by itself, and that none is missing is not shown" % manifest["about"])
        return
    if pack["within"] != list(range(manifest["from"], manifest["to"])):
        gone = next(index for index in range(manifest["from"], manifest["to"]) if index not in pack["at"])
        raise Wrong("the entry %d is missing from entries.ndjson" % gone)
    anchored = by_size("log/anchored.ndjson")
    held = fitting(anchored, started, pack)
    learn(head, started)
    for index in pack["within"]:
        started.add(pack["hashes"][index])
        learn(head, started)
        held += fitting(anchored, started, pack)
    if anchored:
        raise Wrong("log/anchored.ndjson has a checkpoint of %d entries, which is not in its place" % anchored[0]["size"])
    if started.root() != base64.b64decode(kept["end"]["root"]):
        raise Wrong("the entries do not give the root at the end of the period")
    path = [base64.b64decode(one) for one in kept["end"]["consistency"]]
    if not consistent(manifest["to"], started.root(), head, path):
        raise Wrong("the entries of the period are not those of the tree that was signed")
    say("entries %d to %d: none is missing, and they are those of the signed tree of %d"
        % (manifest["from"], manifest["to"] - 1, head["size"]))
    if held:
        say("%d checkpoints that anchors took fit; compare them with those that you fetch from there" % held)


def neighbours(manifest, pack, head):
    """The entries beside the range are from outside the period, so the range has the whole period."""
    found = {entry["seq"]: (raw, entry) for raw, entry in ((raw, json.loads(raw)) for raw in read("log/neighbours.ndjson").splitlines())}
    since, until, start, end = manifest["since"], manifest["until"], manifest["from"], manifest["to"]
    needed = []
    if manifest["about"] is None and since is None:
        if (start, end) != (0, head["size"]):
            raise Wrong("the pack says that it has everything, and has the entries %d to %d of %d" % (start, end - 1, head["size"]))
    elif manifest["about"] is None:
        if not (MOMENT.match(since) and MOMENT.match(until)):
            raise Wrong("manifest.json names no period")
        # In the order of commits; times can be a little out of it. The range is the smallest that has every entry of the period.
        for step, at, is_past in ((-1, start - 1, lambda ts: ts < since), (1, end, lambda ts: ts >= until)):
            while 0 <= at < head["size"]:
                if at not in found:
                    raise Wrong("the entry %d beside the period is missing from log/neighbours.ndjson" % at)
                raw, entry = found[at]
                prove("log/neighbours/%d.tlog-proof" % at, at, leaf_hash(raw), head)
                if since <= entry["ts"] < until:
                    raise Wrong("the entry %d is of the period (%s), and not among its entries" % (at, entry["ts"]))
                needed.append(at)
                if is_past(entry["ts"]):
                    break
                at += step
    if sorted(found) != sorted(needed) or sorted(listing("log/neighbours")) != sorted("log/neighbours/%d.tlog-proof" % at for at in needed):
        raise Wrong("log/neighbours has an entry that does not lie beside the period")
    if manifest["about"] is None:
        say("the period is whole: %s to %s" % (since or "the beginning", until or "the end of the record"))


def by_size(path):
    return [json.loads(line) for line in read(path).decode().splitlines()]


def fitting(anchored, grown, pack):
    """Takes those of the size that the tree has now from the list: each was signed for this root. Resolves to how many."""
    taken, signed = 0, set()
    while anchored and anchored[0]["size"] == grown.size():
        one = anchored.pop(0)
        what = "the checkpoint of %d entries that %s took" % (one["size"], one["anchor"])
        if one["checkpoint"] not in signed:
            found = checkpoint(one["checkpoint"], key_of(one["origin"], pack, what), what)
            if found["size"] != one["size"] or found["root"] != grown.root():
                raise Wrong("%s is not of this tree" % what)
            signed.add(one["checkpoint"])
        taken += 1
    return taken


# ---- the names of the ledger, and where it went on from a restored backup ----

def generation(origin, first):
    """1 for the first name, 2 for NAME/2 and so on; None when it is no name of this ledger."""
    if origin == first:
        return 1
    number = origin[len(first) + 1:] if origin.startswith(first + "/") else ""
    return int(number) if number.isdigit() and len(number) < 5 and number == str(int(number)) and int(number) > 1 else None


def key_of(origin, pack, what):
    key = pack["names"][-1]
    if generation(origin, pack["names"][0]["name"]) is None:
        raise Wrong("%s is of another ledger: %s" % (what, origin))
    raw = b"\x01" + key["public"]
    return {"name": origin, "id": hashlib.sha256(origin.encode() + b"\n" + raw).digest()[:4], "public": key["public"]}


def gaps(manifest, pack, head):
    """Each change of the name has its entry, proved by itself; what it says was lost is said each time."""
    names = [one["name"] for one in pack["names"]]
    if generation(names[0], names[0].rpartition("/")[0]) is not None:
        raise Wrong("no entry gave the ledger the name %s" % names[0])
    found = [(raw, json.loads(raw)) for raw in read("log/gaps.ndjson").splitlines()]
    values = [json.loads(line) for line in read("log/gaps-values.ndjson").decode().splitlines()]
    if len(found) + 1 != len(names) or manifest["names"] != names or len(manifest["gaps"]) != len(found):
        raise Wrong("the names of the ledger are not those that its entries gave it")
    for nth, (raw, entry) in enumerate(found):
        index, data = entry["seq"], entry["data"]
        prove("log/gaps/%d.tlog-proof" % index, index, leaf_hash(raw), head)
        if (entry["type"], data["before"], data["origin"], data["size"]) != ("ledger.resumed", names[nth], names[nth + 1], index) \
                or generation(names[nth + 1], names[0]) <= generation(names[nth], names[0]):
            raise Wrong("the entry %d does not give the ledger the name %s" % (index, names[nth + 1]))
        said, lost = manifest["gaps"][nth], data["anchored"]
        told = {"index": index, "at": entry["ts"], "by": entry["actor"]["id"], "second": data["second"], "origin": data["origin"],
                "before": data["before"], "size": data["size"], "shared": data["shared"], "reason": said["reason"],
                "anchored": {name: lost[name] for name in ("anchor", "origin", "size", "checkpoint")}}
        for blob in entry["blobs"]:
            value = next((one for one in values if (one["index"], one["name"]) == (index, blob["name"])), None)
            if value is None or ("text" in value and salted(value) != blob["sha256_salted"]):
                raise Wrong("the value %s of the entry %d was changed, or is gone" % (blob["name"], index))
            if blob["name"] == "reason" and value.get("text") != said["reason"]:
                raise Wrong("manifest.json gives another reason than the entry %d" % index)
        if said != told:
            raise Wrong("manifest.json says something else of the gap at %d than its entry" % index)
        print("GAP: at %d (%s) the ledger went on as %s from a backup that had %d entries of %s; %s had %d of %s. What was recorded "
              "after the first %d and is not here is lost. By %s, decided by %s. Why: %s"
              % (index, entry["ts"], data["origin"], data["size"], data["before"], lost["anchor"], lost["size"], lost["origin"],
                 data["shared"], entry["actor"]["id"], data["second"], json.dumps(said["reason"])))
    stand = [index for index in pack["earlier"] + pack["within"] if entry_at(pack, index)["type"] == "ledger.resumed"]
    indexes = [entry["seq"] for _, entry in found]
    if manifest["about"] is None and stand != [index for index in indexes if index < manifest["to"]]:
        raise Wrong("log/gaps.ndjson has other gaps than the entries of the pack")
    if sorted(listing("log/gaps")) != sorted("log/gaps/%d.tlog-proof" % index for index in indexes):
        raise Wrong("log/gaps/ has a file that proves no gap")
    return [entry["data"] for _, entry in found]


def salted(value):
    return hashlib.sha256(base64.b64decode(value["salt"]) + value["text"].encode("utf-8", "surrogatepass")).hexdigest()


def lost_in(older, pack, root, name):
    """The gap that it is lost in: of an earlier name, for more than what is certainly the same and at most what its gap names. Anything else has to fit."""
    first = pack["names"][0]["name"]
    gap = next((one for one in pack["gaps"] if generation(one["origin"], first) > generation(older["origin"], first)), None)
    if gap is None or older["size"] <= gap["shared"]:
        return None
    if older["size"] <= gap["size"] and (root is None or root == older["root"]):
        return None
    lost = gap["anchored"]
    same_size = older["size"] == lost["size"] and older["origin"] == lost["origin"]
    if older["size"] > lost["size"] or (same_size and checkpoint_root(lost["checkpoint"]) != older["root"]):
        raise Wrong("%s does not fit, and the gap does not explain it: when the ledger went on as %s, the newest checkpoint that had "
                    "left the house was one of %d entries, another than this" % (name, gap["origin"], lost["size"]))
    return gap


def checkpoint_root(text):
    return base64.b64decode(text.split("\n")[2])


def kept(name, text, pack, head):
    """Compares a checkpoint from elsewhere with the root that the tree had at its size: what came of it, and the index of the gap that it is lost in."""
    older = checkpoint(text, key_of(text.split("\n")[0], pack, name), name)
    first = pack["names"][0]["name"]
    if generation(older["origin"], first) > generation(head["origin"], first):
        raise Wrong("%s was signed under a later name of this ledger: the pack is older than it" % name)
    root = head["root"] if older["size"] == head["size"] else head["roots"][older["size"]]
    gap = lost_in(older, pack, root, name)
    if gap is not None:
        print("GAP: %s was signed for %d entries of %s, and some of them are lost" % (name, older["size"], older["origin"]))
        return "lost", gap["size"]
    if root is None:
        print("NOT COMPARED: %s was signed by this ledger, for %d entries: this pack does not show what the tree was then"
              % (name, older["size"]))
        return "not compared", None
    if root != older["root"]:
        raise Wrong("%s has another root for its %d entries: the ledger was rewritten" % (name, older["size"]))
    say("%s is of this ledger" % name)
    return "same", None


def proofs(pack, head, manifest):
    proved = set()
    for path in sorted(listing("proofs")) + sorted(listing("requests")):
        if not path.endswith(".tlog-proof"):
            continue
        name = path.rsplit("/", 1)[1].split(".")[0]
        index = int(name) if name.isdigit() else -1
        if index not in pack["hashes"]:
            raise Wrong("%s proves an entry that the pack does not have at this place" % path)
        prove(path, index, pack["hashes"][index], head)
        if path.startswith("requests/") and entry_at(pack, index)["request"] != path.split("/")[1]:
            raise Wrong("%s is of another request" % path)
        proved.add(index)
    without = [index for index in pack["earlier"] + pack["within"] if index not in proved]
    if without:
        raise Wrong("the entry %d has no proof" % without[0])
    say("%d entries are proved one by one" % len(proved))


def prove(path, index, hashed, head):
    text, _, signed = read(path).decode().partition("\n\n")
    first, number, *beside = text.split("\n")
    if first != "c2sp.org/tlog-proof@v1" or signed != head["text"]:
        raise Wrong("%s is no proof for log/checkpoint" % path)
    if int(number.split(" ")[1]) != index:
        raise Wrong("%s proves an entry that the pack does not have at this place" % path)
    hashes = [base64.b64decode(one) for one in beside]
    if included(index, hashed, head["size"], hashes) != head["root"]:
        raise Wrong("%s does not prove the entry %d" % (path, index))
    if index in head["roots"] or index + 1 in head["roots"]:
        grown = before(index, head["size"], hashes)
        learn(head, grown)
        grown.add(hashed)
        learn(head, grown)


def listing(folder):
    return [os.path.join(at, name).replace(os.sep, "/") for at, _, names in os.walk(folder) for name in names]


# ---- the values beside the leaves ----

# What empties values, each with how many.
EMPTYING = ("record.erased", "retention.applied")


def values(pack, manifest):
    named, erased, seen = 0, 0, set()
    pack["seen"] = {}
    with open("values.ndjson", "rb") as file:
        for raw in file:
            value = json.loads(raw)
            index, name = value["index"], value["name"]
            entry = entry_at(pack, index)
            blob = next((one for one in entry["blobs"] if one["name"] == name), None)
            if blob is None or entry["id"] != value["entry"] or (index, name) in seen:
                raise Wrong("values.ndjson has a value %s of the entry %d that the entry does not name" % (name, index))
            seen.add((index, name))
            named += 1
            if value.get("erased") is True:
                erased += 1
                continue
            if salted(value) != blob["sha256_salted"]:
                raise Wrong("the value %s of the entry %d was changed" % (name, index))
            if name == "seen":
                text = (value["text"] + "\n").encode("utf-8", "surrogatepass")
                pack["seen"][index] = hashlib.sha256(text).hexdigest()
    seen_texts(pack)
    for index in pack["earlier"] + pack["within"]:
        for blob in entry_at(pack, index)["blobs"]:
            if (index, blob["name"]) not in seen:
                raise Wrong("the value %s of the entry %d is missing, and not said to be erased" % (blob["name"], index))
    say("%d values have the hashes of their leaves, and %d are erased; %s" % (named, erased, purpose(pack, manifest, erased)))


def purpose(pack, manifest, erased):
    """Of the whole ledger it is known how many values should be empty: whoever empties one silently is found by the sum."""
    if manifest["about"] is not None or (manifest["from"], manifest["to"]) != (0, manifest["tree_size"]):
        return "whether on purpose, only a pack of everything shows"
    counts = [one["data"].get("values") for one in (entry_at(pack, index) for index in pack["within"]) if one["type"] in EMPTYING]
    told = sum(count for count in counts if isinstance(count, int))
    if told != erased:
        raise Wrong("%d values are empty, and the entries about erasures and retention account for %d" % (erased, told))
    return "entries account for each"


def seen_texts(pack):
    """requests/ID/seen-N.txt is what the approver saw, as the value of the entry N has it."""
    expected = {}
    for request, group in pack["requests"].items():
        told = [entry_at(pack, index) for index in group["all"]] if group["first"] is not None else []
        if any(one["type"] == "request.submitted" for one in told):
            shown = [one for one in told if one["type"] == "decision.made"] + [one for one in told if one["type"] == "glass.broken"][-1:]
            for index in (one["seq"] for one in shown if one["seq"] in pack["seen"]):
                expected["requests/%s/seen-%d.txt" % (request, index)] = pack["seen"][index]
    found = [path for path in listing("requests") if path.rsplit("/", 1)[1].startswith("seen-")]
    for path in sorted(set(found) | set(expected)):
        if path not in expected or not os.path.isfile(path) or sha256(path) != expected[path]:
            raise Wrong("%s is not what the value seen of its entry says" % path)
    say("%d texts that approvers saw are those of values.ndjson" % len(expected))


def unverified():
    """What is listed, but not made again from the entries here."""
    again = ("entries.ndjson", "earlier.ndjson", "values.ndjson", "SHA256SUMS", "manifest.json", "keys/ledger.txt", "keys/ledger.pem",
             "keys/ledger-names.txt")
    left = set()
    for path in (one[2:] for one in listing(".")):
        parts = path.split("/")
        if path in again or parts[0] in ("log", "reports") or path.endswith(".tlog-proof") or parts[-1].startswith("seen-"):
            continue
        left.add({"requests": "requests/*/" + parts[-1], "policy": "policy/*"}.get(parts[0], path))
    print("NOT VERIFIED: %s: each is as it is listed, but was not made again from the entries. "
          "\"countersign audit verify --pack\" makes them again." % ", ".join(sorted(left)))


# ---- tables and numbers, made again ----

def matches(entry, query):
    return entry["type"] in query["types"] and all(
        any("is" not in fits or any(same(value, one) for one in fits["is"]) for value in values_at(entry, fits["path"]))
        for fits in query.get("where", []))


def same(value, other):
    return type(value) is type(other) and value == other


def values_at(entry, path):
    found = [{name: value for name, value in entry.items() if name != "blobs"}]
    for step in path.split("."):
        found = [inner for value in found for inner in step_into(value, step)]
    return [value for value in found if value is not None]


def step_into(value, step):
    if not isinstance(value, dict):
        return []
    if step == "*":
        return [inner for name in sorted(value) for inner in listed(value[name])]
    return listed(value[step]) if step in value else []


def listed(value):
    return value if isinstance(value, list) else [value]


def cell_of(found):
    return " ".join(one if isinstance(one, str) else json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in found)


def cell(entry, column, group, acts):
    if "isBehind" in column:
        asked = next((one for one in group if one["type"] == "request.submitted"), None)
        if asked is None:
            return "unknown"
        return "yes" if entry["actor"]["id"] in values_at(asked, "data.behind.person") else "no"
    if "count" in column:
        return str(sum(matches(one, column["count"]) for one in group))
    if "distinct" in column:
        return str(len(set(map(str, values_at(entry, column["distinct"])))))
    if "acts" in column:
        return str(acts.get((column["name"], entry["subject"]["id"]), 0))
    if "blob" in column:
        named = next((blob["sha256_salted"] for blob in entry["blobs"] if blob["name"] == column["blob"]), None)
        return cell_of(values_at(entry, column["path"])) if named is None else named
    if "of" not in column:
        return cell_of(values_at(entry, column["path"]))
    others = [one for one in group if one["type"] in column["types"]]
    return cell_of(values_at(others[0 if column["of"] == "first" else -1], column["path"])) if others else ""


FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20"


def csv_line(cells):
    return ",".join('"%s"' % as_text(one).replace('"', '""') for one in cells) + "\r\n"


def as_text(cell):
    """What a spreadsheet would take for a formula, also behind blanks and signs that nobody sees, gets an apostrophe."""
    seen = next((one for one in cell if unicodedata.category(one)[0] not in "CMZ"), "")
    return "'" + cell if (seen and seen in FORMULA) or cell[:1] in ("\t", "\r", "\n") else cell


def subject_of(entry):
    key = entry["data"].get("key") if entry["type"].startswith(("operator.", "auditor.")) else None
    return key if isinstance(key, str) else entry["subject"]["id"]


def groups(pack):
    """What belongs together, as tables take it: entries of no request alone, then request by request."""
    for index in pack["within"]:
        entry = entry_at(pack, index)
        if entry["request"] is None:
            yield [entry]
    asked = [group for group in pack["requests"].values() if group["first"] is not None]
    for group in sorted(asked, key=lambda one: one["first"]):
        yield [entry_at(pack, index) for index in sorted(group["all"])]


def subjects(pack, standing):
    found = {}
    for index in pack["earlier"] + pack["within"]:
        entry = entry_at(pack, index)
        if entry["type"] in standing:
            found.setdefault(subject_of(entry), []).append(entry)
    return found.values()


def is_before_end(manifest, entry):
    return manifest["until"] is None or entry["ts"] < manifest["until"]


def is_in_period(manifest, entry):
    """Entries stand in the order of commits, so the range can have one from a moment before or after the period."""
    return is_before_end(manifest, entry) and (manifest["since"] is None or entry["ts"] >= manifest["since"])


def counted(manifest, pack):
    return (entry for entry in (entry_at(pack, index) for index in pack["within"]) if is_in_period(manifest, entry))


def tables(manifest, pack):
    if manifest["about"] is None:
        for request, group in pack["requests"].items():
            if group["first"] is not None and not any(entry_at(pack, index)["type"] == "request.submitted" for index in group["all"]):
                raise Wrong("the asking of %s is missing from earlier.ndjson: nobody can tell who is behind it" % request)
    made = json.loads(read("reports/definitions.json"))
    acts = {}
    columns = [column for table in made["tables"] for column in table["columns"] if "acts" in column]
    for entry in counted(manifest, pack):
        for column in columns:
            if matches(entry, column["acts"]):
                place = (column["name"], entry["actor"]["id"])
                acts[place] = acts.get(place, 0) + 1
    texts = {table["file"]: hashlib.sha256(csv_line([one["name"] for one in table["columns"]]).encode()) for table in made["tables"]}
    pack["exceptions"] = {table["file"]: [] for table in made["tables"]}

    def rows(table, group):
        for entry in group:
            within = entry["seq"] < manifest["to"] and is_before_end(manifest, entry) and (
                table["by"] == "subject" or (entry["seq"] >= manifest["from"] and is_in_period(manifest, entry)))
            if within and matches(entry, table["rows"]):
                cells = [cell(entry, column, group, acts) for column in table["columns"]]
                texts[table["file"]].update(csv_line(cells).encode("utf-8", "surrogatepass"))
                named = dict(zip((one["name"] for one in table["columns"]), cells))
                pack["exceptions"][table["file"]].append(named)

    for group in groups(pack):
        for table in made["tables"]:
            if table["by"] == "request":
                rows(table, group)
    for group in subjects(pack, made["standing"]):
        for table in made["tables"]:
            if table["by"] == "subject":
                rows(table, group)
    for file, text in texts.items():
        if text.hexdigest() != sha256("reports/" + file):
            raise Wrong("reports/%s is not the table that the entries give" % file)
    for path in listing("reports"):
        if path.endswith(".csv") and path.split("/")[1] not in texts:
            raise Wrong("%s is no table of reports/definitions.json" % path)
    say("%d tables are those that the entries give" % len(texts))


def controls(manifest, pack):
    made = json.loads(read("reports/definitions.json"))
    matrix = json.loads(read("reports/control-matrix.json"))
    seed = "%s %d %d" % (manifest["origin"], manifest["from"], manifest["to"])
    if matrix["sampling"]["seed"] != seed:
        raise Wrong("the samples were drawn by another seed than the one of this pack")
    counts = {measure["id"]: 0 for measure in made["measures"]}
    where = {measure["id"]: [] for measure in made["measures"]}
    drawn = {control["population"]: [] for control in made["controls"]}
    named, sampled = made["sampling"]["named"], made["sampling"]["sampled"]
    for entry in counted(manifest, pack):
        index = entry["seq"]
        for measure in made["measures"]:
            if matches(entry, measure["count"]):
                counts[measure["id"]] += 1
                where[measure["id"]] += [index] if counts[measure["id"]] <= named else []
                if measure["id"] in drawn:
                    order = hashlib.sha256(("%s\n%s" % (seed, entry["id"])).encode()).hexdigest()
                    drawn[measure["id"]].append((order, index, entry["id"], entry["request"]))
    for measure in matrix["measures"]:
        if counts.get(measure["id"]) != measure["entries"]:
            raise Wrong("%s: control-matrix.json says %d, the entries say %s"
                        % (measure["says"], measure["entries"], counts.get(measure["id"])))
    for control in matrix["controls"]:
        population = control["population"]
        if population["entries"] != counts[population["measure"]]:
            raise Wrong("%s: the population of control-matrix.json is not that of the entries" % control["id"])
        for name, number in control["numbers"].items():
            if counts[name] != number:
                raise Wrong("%s: control-matrix.json says %d %s, the entries say %d" % (control["id"], number, name, counts[name]))
        sample = [{"index": index, "entry": entry, "request": request}
                  for _, index, entry, request in sorted(drawn[population["measure"]])[:sampled]]
        if sample != control["sample"]:
            raise Wrong("%s: the sample is not the one that the seed draws" % control["id"])
        for one in control["exceptions"]:
            found = excepted(pack, one)
            if len(found) != one["rows"]:
                raise Wrong("%s: control-matrix.json says %d exceptions (%s), the entries say %d"
                            % (control["id"], one["rows"], one["says"], len(found)))
    expected = {
        "sampling": {"seed": seed, "algorithm": made["sampling"]["algorithm"]},
        "measures": [{"id": one["id"], "says": one["says"], "entries": counts[one["id"]], "indexes": where[one["id"]]}
                     for one in made["measures"]],
        "controls": [dict(
            control,
            population={"measure": control["population"], "entries": counts[control["population"]]},
            sample=[{"index": index, "entry": entry, "request": request}
                    for _, index, entry, request in sorted(drawn[control["population"]])[:sampled]],
            numbers={name: counts[name] for name in control["measures"]},
            exceptions=[dict(one, rows=len(excepted(pack, one)), indexes=[int(row["index"]) for row in excepted(pack, one)][:named])
                        for one in control["exceptions"]],
        ) for control in made["controls"]],
    }
    if matrix != expected:
        raise Wrong("reports/control-matrix.json has other controls or numbers than the definitions and the entries give")
    say("%d numbers and %d controls are those that the entries give" % (len(counts), len(matrix["controls"])))


def excepted(pack, one):
    where = one.get("where")
    return [row for row in pack["exceptions"][one["table"]] if where is None or row[where["column"]] == where["is"]]


def say(text):
    print("ok: %s" % text)


if __name__ == "__main__":
    sys.exit(main())
