package proof

import "strings"

// A trail is what an observer has been called with since everything last
// settled, as records: path, run, state, and signal or result. Where V3 leaves
// the order open, it is kept in normal form, so that trails are the same if no
// rule tells them apart.
type trail struct {
	concurrent bool // the script's events are
	records    string
}

const (
	rootPath  = '.' // of the observed group itself
	noDetail  = '_' // of a record that has neither signal nor result
	anError   = '!' // the group's own result, if it is not nil
	recordLen = 4
)

// add moves the record ahead of greater ones, as far as the order is
// open.
func (t trail) add(path byte, run int, state, detail byte) trail {
	record := string([]byte{path, byte('0' + run), state, detail})
	at := len(t.records)
	for i := at - recordLen; i >= 0 && t.isOpen(t.records[i:i+recordLen], record); i -= recordLen {
		if t.records[i:] > record {
			at = i
		}
	}
	t.records = t.records[:at] + record + t.records[at:]
	return t
}

// isOpen reports whether two records may come in either order. If the script's
// events come one at a time, that holds for members that are signaled together,
// and for what runs inside a wrapper against everybody else; if they do not,
// the script has no order to compare with but that of each member's own events,
// and checkOrder has to do. A member that was refused is another one than that
// whose name it has.
func (t trail) isOpen(a, b string) bool {
	switch {
	case t.concurrent && (a[3] == duplicate || b[3] == duplicate):
		return true
	case a[0] == b[0]:
		return false
	case t.concurrent || a[1] != '0' || b[1] != '0':
		return true
	}
	return a[2] == 't' && b[2] == 't' && a[0] != rootPath && b[0] != rootPath
}

// begins reports whether each member's part of the records, and the group's own,
// begins with the trail's. It can tell that only of concurrent ones, in which
// they are together.
func (t trail) begins(records string) bool {
	for t.concurrent && len(t.records) > 0 {
		record := t.records[:recordLen]
		t.records = t.records[recordLen:]
		if record[3] == duplicate {
			continue
		}
		for records != "" && (records[0] != record[0] || records[3] == duplicate) {
			records = records[recordLen:]
		}
		if !strings.HasPrefix(records, record) {
			return false
		}
		records = records[recordLen:]
	}
	return true
}

// rest begins a new trail.
func (t trail) rest() trail {
	t.records = ""
	return t
}
