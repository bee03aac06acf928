// Checks checkpoints and proofs by Go's sumdb: golang.org/x/mod/sumdb/tlog and note, which run the checksum database of Go and know nothing of us.
// Reads cases as a JSON array, and writes for each what was wrong, or nothing.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A tree as its checkpoint says it, with the key that is to have signed it.
type head struct {
	Checkpoint string
	Key        string
}

// Without Older it is about one leaf.
type testCase struct {
	Newer head
	Older *head
	Leaf  string
	Index int64
	Path  []string
}

type tree struct {
	size int64
	root tlog.Hash
}

func (signed head) open() (tree, error) {
	verifier, err := note.NewVerifier(signed.Key)
	if err != nil {
		return tree{}, err
	}
	opened, err := note.Open([]byte(signed.Checkpoint), note.VerifierList(verifier))
	if err != nil {
		return tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 3 || lines[0] != verifier.Name() {
		return tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tree{size, root}, err
}

func (one testCase) check() error {
	newer, err := one.Newer.open()
	if err != nil {
		return err
	}
	path := make([]tlog.Hash, len(one.Path))
	for i, text := range one.Path {
		if path[i], err = tlog.ParseHash(text); err != nil {
			return err
		}
	}
	if one.Older == nil {
		leaf, err := base64.StdEncoding.DecodeString(one.Leaf)
		if err != nil {
			return err
		}
		return tlog.CheckRecord(path, newer.size, newer.root, one.Index, tlog.RecordHash(leaf))
	}
	older, err := one.Older.open()
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, newer.size, newer.root, older.size, older.root)
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		log.Fatal(err)
	}
	wrong := make([]string, len(cases))
	for i, one := range cases {
		if err := one.check(); err != nil {
			wrong[i] = err.Error()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(wrong); err != nil {
		log.Fatal(err)
	}
}
