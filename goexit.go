package grouper

import "runtime"

// call calls a function, and then end, even if the function panics or ends its
// goroutine. It recovers nothing.
func call(function func() error, end func(err error, panicked bool)) (err error) {
	returned := false
	defer func() {
		if !returned && inGoexit() {
			returned, err = true, errGoexit
		}
		end(err, !returned)
	}()
	err = function()
	returned = true
	return err
}

// inGoexit reports, to a deferred function, whether that runs because of
// [runtime.Goexit] and not because of a panic, without recovering the panic.
func inGoexit() bool {
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		goexit := frame.Function == "runtime.Goexit"
		if goexit || frame.Function == "runtime.gopanic" || !more {
			return goexit
		}
	}
}
