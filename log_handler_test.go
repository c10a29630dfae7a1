package grouper_test

import (
	"context"
	"log/slog"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/seed-3b777528/grouper"
)

// A keeper is a handler that keeps what it gets.
type keeper struct {
	contexts []context.Context
	records  []slog.Record
}

func (k *keeper) Enabled(ctx context.Context, _ slog.Level) bool {
	k.contexts = append(k.contexts, ctx)
	return true
}

func (k *keeper) Handle(ctx context.Context, record slog.Record) error {
	k.contexts = append(k.contexts, ctx)
	k.records = append(k.records, record)
	return nil
}

func (k *keeper) WithAttrs([]slog.Attr) slog.Handler { return k }
func (k *keeper) WithGroup(string) slog.Handler      { return k }

var _ = Describe("LogTo", func() {
	It("V8: passes a context to the handler, and no line of code as the source", func() {
		k := new(keeper)
		grouper.LogTo(slog.New(k))(grouper.Event{Path: "a", State: grouper.StateReady})
		Expect(k.contexts).To(HaveExactElements(context.Background(), context.Background()))
		Expect(k.records).To(HaveExactElements(HaveField("PC", BeZero())))
	})

	It("V8: has a text for errors whose own panics", func() {
		k := new(keeper)
		for how, err := range mutes {
			grouper.LogTo(slog.New(k))(grouper.Event{Path: how, State: grouper.StateExited, Err: err})
		}
		for _, record := range k.records {
			text := ""
			record.Attrs(func(attr slog.Attr) bool {
				if attr.Key == "err" {
					text = attr.Value.Any().(error).Error()
				}
				return true
			})
			Expect(text).To(Or(ContainSubstring("mute"), ContainSubstring("PANIC"), ContainSubstring("<nil>")))
		}
	})
})
