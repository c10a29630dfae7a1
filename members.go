package grouper

import "github.com/tedsuo/ifrit"

// A Member is a part of a service: a Runner, and the name under which its
// group knows it, which is unique within that group.
//
// A nil Runner is an error only when the member's turn to start comes: the
// member then exits at once, with [ErrNilRunner].
type Member struct {
	Name string
	ifrit.Runner
}

// Members are the members of a static group, in their order. Their names must
// differ. Nil is a list without members.
type Members []Member

// Validate returns [ErrDuplicateNames] if members have the same name, and
// otherwise nil. Groups call it before they start a member. It only reads the
// list, and does not look at the Runners.
//
//go:noinline
func (m Members) Validate() error {
	if len(m) <= few && m.differ() {
		return nil
	}
	var duplicates []string
	counts := make(map[string]int, len(m))
	for _, member := range m {
		counts[member.Name]++
		if counts[member.Name] == 2 {
			duplicates = append(duplicates, member.Name)
		}
	}
	if duplicates == nil {
		return nil
	}
	return ErrDuplicateNames{duplicates}
}

// Comparing each of a few names with the others takes less time than a map, and
// less of the stack.
const few = 16

func (m Members) differ() bool {
	for i := range m {
		for j := range m[:i] {
			if m[i].Name == m[j].Name {
				return false
			}
		}
	}
	return true
}
