package program

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// An Output is what a child has written so far.
type Output struct {
	child *Child

	mu   sync.Mutex // guards what follows
	text []byte
	more chan struct{} // closed by the next write
}

func newOutput(c *Child) *Output { return &Output{child: c, more: make(chan struct{})} }

func (o *Output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text = append(o.text, text...)
	close(o.more)
	o.more = make(chan struct{})
	return len(text), nil
}

func (o *Output) String() string {
	text, _ := o.read()
	return text
}

func (o *Output) read() (text string, more <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return string(o.text), o.more
}

// Until blocks until the whole lines of the output are as the test wants them.
func (o *Output) Until(what string, holds func(lines string) bool) {
	o.child.t.Helper()
	guard := time.After(Patience)
	for exited := false; ; {
		text, more := o.read()
		if holds(text[:strings.LastIndexByte(text, '\n')+1]) {
			return
		}
		if exited {
			o.child.t.Fatalf("%s exited and did not %s", o.child.program, what)
		}
		select {
		case <-more:
		case <-o.child.exited:
			exited = true
		case <-guard:
			o.child.t.Fatalf("%s did not %s", o.child.program, what)
		}
	}
}

// Await blocks until the text is in the output, and returns the rest of its
// line.
func (o *Output) Await(text string) (rest string) {
	o.child.t.Helper()
	o.Until(fmt.Sprintf("write %q", text), func(lines string) bool { return strings.Contains(lines, text) })
	_, rest, _ = strings.Cut(o.String(), text)
	rest, _, _ = strings.Cut(rest, "\n")
	return rest
}

// Has reports whether the text is in the output now.
func (o *Output) Has(text string) bool { return strings.Contains(o.String(), text) }

// Order checks that each text is in the output once, behind the one before it.
func (o *Output) Order(texts ...string) {
	o.child.t.Helper()
	output, last := o.String(), 0
	for _, text := range texts {
		if many := strings.Count(output, text); many != 1 {
			o.child.t.Errorf("%q is there %d times", text, many)
			continue
		}
		at := strings.Index(output, text)
		if at < last {
			o.child.t.Errorf("%q is not where it should be among %q", text, texts)
		}
		last = max(at, last)
	}
}
