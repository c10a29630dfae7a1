package grouper_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
	"github.com/tedsuo/ifrit"
)

var _ = Describe("ErrorTrace", func() {
	var (
		fine   = grouper.ExitEvent{grouper.Member{"fine", nil}, nil}
		broken = grouper.ExitEvent{grouper.Member{"broken", nil}, errBoom}
	)

	It("E1: lists the exits, one per line", func() {
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

var _ = Describe("Failures", func() {
	exit := func(name string, err error) grouper.ExitEvent {
		return grouper.ExitEvent{grouper.Member{name, nil}, err}
	}
	type failures = []grouper.Failure
	other := errors.New("other")
	joined := errors.Join(errBoom, other)

	DescribeTable("E3: are, for", func(err error, want failures) {
		Expect(grouper.Failures(err)).To(Equal(want))
	},
		Entry("nil", nil, failures(nil)),
		Entry("an error without a trace", errBoom, failures{{"", errBoom}}),
		Entry("joined errors without a trace", joined, failures{{"", joined}}),
		Entry("a trace without an error", grouper.ErrorTrace{exit("a", nil)}, failures(nil)),
		Entry("an empty trace", grouper.ErrorTrace(nil), failures(nil)),
		Entry("members' errors in the order of their exits",
			grouper.ErrorTrace{exit("b", errBoom), exit("x", nil), exit("a", other)}, failures{{"b", errBoom}, {"a", other}}),
		Entry("nested traces, by their paths",
			grouper.ErrorTrace{exit("g", grouper.ErrorTrace{exit("h", grouper.ErrorTrace{exit("leaf", errBoom)}), exit("fine", nil)}), exit("g/h", other)},
			failures{{"g/h/leaf", errBoom}, {"g/h", other}}),
		Entry("a nested trace without an error, which is one without a failure",
			grouper.ErrorTrace{exit("g", grouper.ErrorTrace{exit("fine", nil)}), exit("a", other)}, failures{{"a", other}}),
		Entry("joined errors of a member, one failure",
			grouper.ErrorTrace{exit("a", joined)}, failures{{"a", joined}}),
		Entry("a wrapped trace, and wrapped ones in it",
			fmt.Errorf("x: %w", fmt.Errorf("y: %w", grouper.ErrorTrace{exit("g", fmt.Errorf("z: %w", grouper.ErrorTrace{exit("a", errBoom)}))})),
			failures{{"g/a", errBoom}}),
		Entry("traces joined with others", errors.Join(errBoom, grouper.ErrorTrace{exit("a", other)}, grouper.ErrorTrace{exit("b", other)}),
			failures{{"", errBoom}, {"a", other}, {"b", other}}),
		Entry("a member's trace that is joined with others",
			grouper.ErrorTrace{exit("g", fmt.Errorf("%w: %w", errBoom, grouper.ErrorTrace{exit("a", other)}))}, failures{{"g", errBoom}, {"g/a", other}}),
		Entry("a trace joined before others", errors.Join(grouper.ErrorTrace{exit("a", other)}, errBoom), failures{{"a", other}, {"", errBoom}}),
		Entry("a member's trace in joins of joins",
			grouper.ErrorTrace{exit("g", errors.Join(errors.Join(errBoom, grouper.ErrorTrace{exit("a", other)}), errBoom))},
			failures{{"g", errBoom}, {"g/a", other}, {"g", errBoom}}),
		Entry("a join that has nil among its errors", holey{grouper.ErrorTrace{exit("a", other)}}, failures{{"a", other}}),
		Entry("names that are empty or have slashes",
			grouper.ErrorTrace{exit("", grouper.ErrorTrace{exit("a/b", errBoom)}), exit("", other)}, failures{{"/a/b", errBoom}, {"", other}}),
		Entry("what wraps nothing", hollow{}, failures{{"", hollow{}}}),
		Entry("an empty join", grouper.ErrorTrace{exit("a", empties{})}, failures{{"a", empties{}}}),
		Entry("an Unwrap that panics", grouper.ErrorTrace{exit("a", panicky{}), exit("b", (*fs.PathError)(nil)), exit("c", errBoom)},
			failures{{"a", panicky{}}, {"b", (*fs.PathError)(nil)}, {"c", errBoom}}),
	)

	It("E3: are those of every member of a tree, through Wraps and Observes", bubble(func() {
		fail := func(err error) ifrit.Runner {
			return ifrit.RunFunc(func(<-chan os.Signal, chan<- struct{}) error { return err })
		}
		jobs := grouper.NewDynamic(interrupt, 0, 0)
		run := start(grouper.Observe(grouper.NewOrdered(nil, grouper.Members{
			{"jobs", grouper.Wrap(grouper.Reporting(jobs), sigmonned)},
			{"servers", grouper.Wrap(grouper.NewParallel(nil, grouper.Members{{"api", fail(other)}, {"twice", grouper.NewParallel(nil, grouper.Members{{"x", nil}, {"x", nil}})}}), transparent)},
		}), nil))
		jobs.Client().Inserter() <- grouper.Member{"job", fail(errBoom)}
		settle()
		Expect(run.exited).To(BeTrue())
		Expect(grouper.Failures(run.err)).To(ConsistOf(
			grouper.Failure{"servers/api", other}, HaveField("Path", "servers/twice"), grouper.Failure{"jobs/job", errBoom}))
	}))

	It("E4: are the attributes of a trace in a log", func() {
		value := grouper.ErrorTrace{exit("g", grouper.ErrorTrace{exit("a", errBoom)}), exit("x", nil), exit("b", other)}.LogValue()
		Expect(value.Kind()).To(Equal(slog.KindGroup))
		Expect(value.Group()).To(HaveLen(2))
		Expect(value.Group()[0].Equal(slog.Any("g/a", errBoom))).To(BeTrue())
		Expect(value.Group()[1].Equal(slog.Any("b", other))).To(BeTrue())
		Expect(grouper.ErrorTrace(nil).LogValue().Group()).To(BeEmpty())
	})
})

var _ = Describe("ErrRunTwice", func() {
	It("E5, D10: is in the error of a second run of a dynamic group, at once or later, however it is run", bubble(func() {
		group := grouper.NewDynamic(nil, 0, 0)
		first := start(group)
		for range 2 {
			for _, again := range []ifrit.Runner{group, grouper.Reporting(group), grouper.Wrap(group, transparent), grouper.Observe(group, nil)} {
				run := start(again)
				Expect(run.exited).To(BeTrue())
				Expect(errors.Is(run.err, grouper.ErrRunTwice)).To(BeTrue())
				Expect(run.isReady()).To(BeFalse())
			}
			if !first.exited {
				first.signal(interrupt)
			}
		}
		Expect(first.err).NotTo(HaveOccurred())
	}))

	It("E5: is in no error of a group that runs again", bubble(func() {
		for _, kind := range staticKinds {
			group := kind.group(nil, grouper.Members{{"nobody", nil}})
			for range 2 {
				Expect(errors.Is(start(group).err, grouper.ErrRunTwice)).To(BeFalse())
			}
		}
	}))
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
