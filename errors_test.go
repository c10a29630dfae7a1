package grouper_test

import (
	"errors"
	"fmt"
	"io/fs"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

var _ = Describe("ErrorTrace", func() {
	var (
		fine   = grouper.ExitEvent{grouper.Member{"fine", nil}, nil}
		broken = grouper.ExitEvent{grouper.Member{"broken", nil}, errBoom}
	)

	It("E1: lists the exits, one a line", func() {
		Expect(grouper.ErrorTrace{fine, broken}.Error()).To(Equal(
			"Exit trace for group:\nfine exited with nil\nbroken exited with error: boom\n"))
		Expect(grouper.ErrorTrace(nil).Error()).To(Equal("Exit trace for group:\n"))
	})

	It("E1: lists those of a nested group too", func() {
		nested := grouper.ExitEvent{grouper.Member{"nested", nil}, grouper.ErrorTrace{fine, broken}}
		Expect(grouper.ErrorTrace{nested, fine}.Error()).To(Equal(
			"Exit trace for group:\n" +
				"nested exited with error: Exit trace for group:\nfine exited with nil\nbroken exited with error: boom\n\n" +
				"fine exited with nil\n"))
	})

	for how := range mutes {
		It("E1: lists all exits even if some errors "+how+" when asked for their text", func() {
			var text string
			trace := grouper.ErrorTrace{broken, {grouper.Member{"mute", nil}, mutes[how]}, fine}
			Expect(panics(func() { text = trace.Error() })).To(BeFalse())
			Expect(text).To(HavePrefix("Exit trace for group:\nbroken exited with error: boom\nmute exited with error: "))
			Expect(text).To(HaveSuffix("\nfine exited with nil\n"))
		})
	}

	It("S1: is no error if none of the exits is", func() {
		Expect(grouper.ErrorTrace(nil).ErrorOrNil()).To(BeNil())
		Expect(grouper.ErrorTrace{fine, fine}.ErrorOrNil()).To(BeNil())
		Expect(grouper.ErrorTrace{fine, broken}.ErrorOrNil()).To(Equal(grouper.ErrorTrace{fine, broken}))
	})

	It("E2: lets errors.Is and errors.As see every member's error, also in nested groups", func() {
		missing := grouper.ExitEvent{grouper.Member{"missing", nil}, fmt.Errorf("store: %w", &fs.PathError{Op: "open", Err: fs.ErrNotExist})}
		inner := grouper.ErrorTrace{fine, missing}
		err := fmt.Errorf("service: %w", grouper.ErrorTrace{fine, broken, {grouper.Member{"inner", nil}, inner}})

		Expect(errors.Is(err, errBoom)).To(BeTrue())
		Expect(errors.Is(err, fs.ErrNotExist)).To(BeTrue())
		Expect(errors.Is(err, fs.ErrExist)).To(BeFalse())
		var path *fs.PathError
		Expect(errors.As(err, &path)).To(BeTrue())
		Expect(path.Op).To(Equal("open"))
		var duplicates grouper.ErrDuplicateNames
		Expect(errors.As(err, &duplicates)).To(BeFalse())
	})

	It("E2: unwraps to the errors there are", func() {
		Expect(grouper.ErrorTrace{broken, fine, broken}.Unwrap()).To(Equal([]error{errBoom, errBoom}))
		Expect(grouper.ErrorTrace{fine}.Unwrap()).To(BeEmpty())
	})
})

var _ = Describe("ErrDuplicateNames", func() {
	It("E1: names the one name", func() {
		Expect(grouper.ErrDuplicateNames{[]string{"db"}}.Error()).To(Equal("Duplicate member name: db\n"))
	})

	It("E1: names all of several names", func() {
		Expect(grouper.ErrDuplicateNames{[]string{"db", "api", "log"}}.Error()).To(Equal("Duplicate member names: db, api, log\n"))
	})

	It("says so when it has none", func() {
		Expect(grouper.ErrDuplicateNames{}.Error()).To(Equal("No duplicate member names\n"))
	})
})

var _ = Describe("ErrNilRunner", func() {
	It("G1: says what the member was without", func() {
		Expect(grouper.ErrNilRunner).To(MatchError(ContainSubstring("nil runner")))
	})
})
