package grouper

import (
	"context"
	"fmt"
	"runtime/pprof"
	"runtime/trace"
	"strings"
)

// labeled returns a context with the profiler label of a member (I4).
func labeled(path string) context.Context {
	return pprof.WithLabels(context.Background(), pprof.Labels("grouper.member", path))
}

// A task is a member in an execution trace (I5).
type task struct {
	ctx context.Context
	*trace.Task
}

// beginTask begins the member's task if an execution trace is recorded. Then
// the context that the member runs with has it.
func (p *process) beginTask() {
	if trace.IsEnabled() {
		ctx, t := trace.NewTask(p.ctx, p.path)
		p.ctx, p.extraLocked().task = ctx, &task{ctx, t}
		p.log("start", "")
	}
}

// log logs a step of the member as a part of its task, if an execution trace is
// recorded. The first step that is logged begins the task. The message has the
// path too, for recordings in which the task did not begin, and the category,
// which go tool trace does not show. The caller holds mu.
func (p *process) log(category, message string) {
	if !trace.IsEnabled() {
		return
	}
	extra := p.extraLocked()
	if extra.task == nil {
		ctx, t := trace.NewTask(context.Background(), p.path)
		extra.task = &task{ctx, t}
	}
	trace.Log(extra.task.ctx, category, strings.TrimSpace(p.path+": "+category+" "+message))
}

func (p *process) endTask(message string) {
	p.log("exit", message)
	if p.extra != nil && p.extra.task != nil {
		p.extra.task.End()
	}
}

// traced returns the text to log for an error or a signal if an execution trace
// is recorded. It calls methods of other packages, so nothing may be locked.
func traced(value any) string {
	if !trace.IsEnabled() {
		return ""
	}
	return textOf(value)
}

// textOf returns the text of an error or a signal, whatever its methods do. fmt
// recovers most of their panics, but not all.
func textOf(value any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("%T without a text", value)
		}
	}()
	if value == nil {
		return "nil"
	}
	return fmt.Sprint(value)
}
